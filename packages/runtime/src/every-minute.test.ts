import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { everyMinute } from "./every-minute.ts";

/** A clock on which a minute passes immediately whenever somebody sleeps. */
const hasty = { now: () => 0, sleep: () => new Promise<void>((soon) => setTimeout(soon, 1)) };

test("stopping waits for work in progress", async () => {
  const work = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const minutes = everyMinute(hasty, () => {
    begun.resolve();
    return work.promise;
  });
  await begun.promise;
  let stopped = false;
  const stopping = minutes.stop().then(() => {
    stopped = true;
  });
  await new Promise((soon) => setTimeout(soon, 20));
  expect(stopped).toBe(false);
  work.resolve();
  await stopping;
});

test("a process that has nothing else to do waits as well, and then exits normally", () => {
  const program = `
    import { everyMinute } from ${JSON.stringify(new URL("every-minute.ts", import.meta.url).href)};
    const minutes = everyMinute({ now: () => 0, sleep: async () => {} }, () => new Promise(() => {}));
    await new Promise((soon) => setTimeout(soon, 10));
    await minutes.stop();
    console.log("stopped");`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
  });
  expect(stdout).toBe("stopped\n");
});
