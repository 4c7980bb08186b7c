import type { ModelStore } from "@mrdata/platform";
import type { PastIncident } from "@mrdata/responder";
import { beforeAll, expect, test } from "vitest";
import { modelsOf, someVersion } from "../support/trained-version.ts";
import { checkedAccount, HOUR, SERVICE, START } from "./checked-account.ts";

let models: ModelStore;
beforeAll(async () => {
  models = modelsOf({ v1: await someVersion(START) });
});

/** A month in which a program does something to every incident within half a minute. */
const month = (type: "acknowledged" | "annotated", service = SERVICE): readonly PastIncident[] =>
  Array.from({ length: 100 }, (_, i) => {
    const openedAt = START - (i + 1) * 7 * HOUR;
    return {
      incident: `Q${i}`,
      service,
      openedAt,
      events: [{ type, actor: "human", actorId: "PSRE", occurredAt: openedAt + 30_000 }],
    };
  });

async function rows(history: readonly PastIncident[] | Error, automations: readonly string[] = []) {
  const account = await checkedAccount({
    models,
    history: async () => {
      if (history instanceof Error) throw history;
      return history;
    },
  });
  const checks = await account.checks({ automations });
  await account.close();
  return checks.filter(({ name }) => name === "agents");
}

test("an account that behaves as a program is proposed with the evidence, and what to set once a person agrees", async () => {
  const [service, proposal, ...more] = await rows(month("annotated"), ["PSYNC"]);
  expect(more).toEqual([]);
  expect(service).toMatchObject({ subject: SERVICE, needed: true, state: "ok" });
  expect(proposal).toMatchObject({ subject: "PSRE", needed: false, state: "failed" });
  expect(proposal?.sentence).toMatch(
    /100 of 100 incidents .* 100 % .* \(half within 30 s\), at all hours .* annotated 100/,
  );
  expect(proposal?.fix).toContain("MRDATA_AUTOMATION_USERS=PSYNC,PSRE");
});

test.each([
  ["proposed", []],
  ["named", ["PSRE"]],
])("a service on which a %s account acknowledges within the window is not armed", async (_, automations) => {
  const [service] = await rows(month("acknowledged"), automations);
  expect(service).toMatchObject({ subject: SERVICE, needed: true, state: "failed" });
  expect(service?.sentence).toContain("PSRE 100");
});

test("what it does on another service keeps this one from nothing; a history that cannot be read does", async () => {
  expect((await rows(month("acknowledged", "PSHOP"), ["PSRE"])).map(({ state }) => state)).toEqual([
    "ok",
    "ok",
  ]);
  expect(await rows(new Error("the ledger is down"))).toMatchObject([{ needed: true, state: "unknown" }]);
});
