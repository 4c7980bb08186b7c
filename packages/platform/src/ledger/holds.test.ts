import { expect, onTestFinished, test } from "vitest";
import { openEmbeddedStore } from "../embedded/index.ts";
import { createLedger } from "./ledger.ts";

test("what the budget and its evidence count of the same time is counted once, and the next time again", async () => {
  const store = openEmbeddedStore({ file: ":memory:" });
  onTestFinished(() => store.close());
  let counts = 0;
  const ledger = createLedger({
    ...store,
    count(query) {
      counts++;
      return store.count(query);
    },
  });
  const since = Date.parse("2026-03-02T00:00:00Z");
  const of = [
    { service: "PA", since, missesSince: since },
    { service: "PB", since, missesSince: since },
  ];
  await Promise.all([ledger.missCounts(of), ledger.missCounts(of)]);
  // Misses and outcomes of each service, and misses whose service cannot be read.
  expect(counts).toBe(5);
  await ledger.missCounts(of);
  expect(counts).toBe(10);
});
