import { expect, test } from "vitest";
import { requireDeclared } from "./required.ts";

const all = { ledger: true, models: true };

test("on the platform every variable that is missing is named, and an empty one is missing", () => {
  const env = { K_SERVICE: "mrdata-respond", MRDATA_RETENTION: "400d", MRDATA_WINDOW: "" };
  expect(() => requireDeclared(env, all, ["MRDATA_WEBHOOK_URL"])).toThrow(
    "MRDATA_WINDOW, MRDATA_MODEL_BUCKET, MRDATA_MODEL_MAX_AGE, MRDATA_WEBHOOK_URL are not set",
  );
  expect(() => requireDeclared(env, { ledger: true, models: false })).toThrow("MRDATA_WINDOW is not set");
});

test("a function without these ports needs none of them, and on a laptop the defaults suffice", () => {
  requireDeclared({ K_SERVICE: "mrdata-receive" }, { ledger: false, models: false });
  requireDeclared({}, all, ["MRDATA_WEBHOOK_URL"]);
});
