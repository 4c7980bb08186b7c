import { DEAD_TOPIC, type LocalStack, startLocalStack } from "@mrdata/functions";
import { systemClock } from "@mrdata/platform";
import { expect, test } from "vitest";
import { jsonLines, temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";
import { bytesOf, webhook } from "../support/webhooks.ts";

async function withStack<T>(home: string, work: (stack: LocalStack) => Promise<T>): Promise<T> {
  const stack = await startLocalStack({ home, port: 0, clock: systemClock, log: () => {}, env: {} });
  try {
    return await work(stack);
  } finally {
    await stack.close();
  }
}

const letter = (data: Uint8Array, incident: string) => ({
  data,
  attributes: { event: "E1", incident, type: "triggered", reason: "the model was away", source: "record" },
  orderingKey: "",
});

test("dead letters are listed, replayed the whole way, and dropped only after the word", async () => {
  const home = temporaryFolder();
  const run = (...args: readonly string[]) => mrdataHere(["dead-letters", ...args, "--home", home]);
  const good = bytesOf(webhook({ type: "triggered", incident: "PDEAD1", at: Date.now() }));
  await withStack(home, (stack) => stack.bus.publish(DEAD_TOPIC, letter(good, "PDEAD1")));

  expect(jsonLines((await run("list", "--json")).stdout)).toMatchObject([
    { source: "record", incident: "PDEAD1", reason: "the model was away" },
  ]);
  expect((await run("replay")).stdout).toMatch(/^1 dead letters are on their way again/);
  await withStack(home, async ({ bus, ledger }) => {
    await bus.idle();
    expect((await ledger.incident("PDEAD1"))?.events).toHaveLength(1);
  });
  expect((await run("list")).stderr).toMatch(/No dead letters wait/);

  // One that fails again comes back, with a reason of its own.
  await withStack(home, (stack) => stack.bus.publish(DEAD_TOPIC, letter(Buffer.from("{"), "PDEAD2")));
  await run("replay");
  await withStack(home, ({ bus }) => bus.idle());
  expect(jsonLines((await run("list", "--json")).stdout)).toMatchObject([
    { reason: "the message is not JSON" },
    { reason: "the message is not JSON" },
  ]);
  // One that no bus could carry stays, and the others go on.
  await withStack(home, (stack) => stack.bus.publish(DEAD_TOPIC, letter(good, "P".repeat(1_100))));
  const replayed = await run("replay");
  expect(replayed).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^2 dead letters are on their way/),
  });
  expect(replayed.stderr).toMatch(/stays: the ordering key .* 1024 are the most/);
  await withStack(home, ({ bus }) => bus.idle());
  expect((await run("drop")).code).toBe(2);
  expect((await run("drop", "--confirm=drop", "--json")).stdout).toBe('{"dropped":5}\n');
  expect((await run("list", "--json")).stdout).toBe("");
});
