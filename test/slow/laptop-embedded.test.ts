import { describe } from "vitest";
import { theLeastStack } from "../laptop/behaviour.ts";

describe("where Google's emulators are not, the embedded bus and ledger take their place", () => {
  theLeastStack({ available: false, reason: "hidden for this test", command: "" });
});
