import { expect, test } from "vitest";
import { oldProjectHint } from "./old-project.ts";

test("the hint about old projects is given for Cloud Run addresses only", () => {
  for (const url of [
    "https://mrdata-receive-123456789012.us-central1.run.app/",
    "https://mrdata-receive-two-123456789012.europe-west1.run.app",
  ])
    expect(oldProjectHint(url)).toContain("pulumi config set oldProject true");
  for (const url of [
    "http://127.0.0.1:8080/receive",
    "https://run.app.example.com/",
    "http://function/receive",
  ])
    expect(oldProjectHint(url)).toBe("");
});
