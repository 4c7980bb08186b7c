import { expect, test } from "vitest";
import { onceProvisioned, patienceOf } from "./provisioned.ts";

const PROVISIONING = new Error(
  "Vertex AI answered with 400 FAILED_PRECONDITION: Service agents are being provisioned (https://…).",
);

/** A clock on which only sleeping takes time. */
function clockAt(start: number) {
  let now = start;
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => {
    slept.push(milliseconds);
    now += milliseconds;
  };
  return { clock: { now: () => now, sleep }, slept };
}

function failing(times: number, error: Error) {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries <= times) throw error;
    return tries;
  };
}

test("while Google creates its service agents, the call is retried for the configured time", async () => {
  const { clock, slept } = clockAt(1_000);
  expect(await onceProvisioned(failing(3, PROVISIONING), patienceOf("10m", clock))).toBe(4);
  expect(slept).toEqual([20_000, 20_000, 20_000]);
  await expect(onceProvisioned(failing(1_000, PROVISIONING), patienceOf("10m", clock))).rejects.toThrow(
    "being provisioned",
  );
  expect(slept.length).toBe(3 + 30);
});

test("any other error is thrown immediately, and without patience this one, too", async () => {
  const { clock, slept } = clockAt(0);
  const refusal = new Error("Vertex AI answered with 403 PERMISSION_DENIED");
  await expect(onceProvisioned(failing(1, refusal), patienceOf("10m", clock))).rejects.toThrow(refusal);
  await expect(onceProvisioned(failing(1, PROVISIONING), patienceOf("", clock))).rejects.toThrow(
    PROVISIONING,
  );
  expect(slept).toEqual([]);
});

test("patience is read from the setting", () => {
  expect(["90s", "10m", "1h", "", "soon"].map((text) => patienceOf(text).lasting)).toEqual([
    90_000, 600_000, 3_600_000, 0, 0,
  ]);
});
