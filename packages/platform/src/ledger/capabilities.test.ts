import { expect, test } from "vitest";
import { openEmbeddedStore } from "../embedded/index.ts";
import { accessOf, ledgerCapabilities, trainingReads } from "./capabilities.ts";
import { createLedger } from "./ledger.ts";

test("each call of the ledger belongs to one capability, and to one side of it", async () => {
  const ledger = createLedger(openEmbeddedStore({ file: ":memory:" }));
  const granted = Object.values(ledgerCapabilities).flatMap(({ reads, writes }) => [...reads, ...writes]);
  expect(granted.toSorted()).toEqual(
    Object.keys(ledger)
      .filter((call) => call !== "close")
      .toSorted(),
  );
  expect(Object.keys(ledger.training)).toEqual(expect.arrayContaining([...trainingReads]));
  await ledger.close();
});

test("the store is written to where any capability is", () => {
  expect(accessOf({ decisions: "read", holds: "write" })).toBe("write");
  expect(accessOf({ decisions: "read" })).toBe("read");
  expect(accessOf({})).toBe("read");
});
