import { DatabaseSync } from "node:sqlite";
import { neededEvents } from "@mrdata/pagerduty";
import { allIndexes, createLedger } from "@mrdata/platform";
import { openEmbeddedStore } from "@mrdata/platform/embedded";
import { localFiles } from "@mrdata/runtime";
import { expect, onTestFinished, test } from "vitest";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { BOT, FALLBACK_POLICY, SERVICE, smallAccount } from "../simulation/small-account.ts";
import { livePagerDuty } from "../support/live-pagerduty.ts";
import { startServing, temporaryFolder } from "../support/mrdata.ts";

const SECOND = 1_000;
const INCIDENTS = 12;
const LOCKED = 20 * SECOND;

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

/** Holds the write lock of a file, as a backup does in a process of its own; answers with what lets it go. */
function lock(file: string): () => void {
  const other = new DatabaseSync(file, { timeout: 5_000 });
  other.exec("BEGIN IMMEDIATE");
  const unlock = () => {
    if (!other.isOpen) return;
    other.exec("COMMIT");
    other.close();
  };
  onTestFinished(unlock);
  return unlock;
}

type Told = { readonly status: number; readonly took: number };

test.each([
  ["the ledger", ["ledger"]],
  ["the bus", ["bus"]],
  ["both files", ["ledger", "bus"]],
] as const)(
  "%s of `mrdata serve` locked for 20 s: webhooks are answered within five, everybody is told within 60, and nothing is lost",
  async (_, files) => {
    const home = temporaryFolder();
    const told: Told[] = [];
    const live = await livePagerDuty(smallAccount(), {
      fetch: async (url, request) => {
        const began = performance.now();
        const answer = await fetch(url, request);
        told.push({ status: answer.status, took: performance.now() - began });
        return answer;
      },
    });
    const server = await startServing(home, {
      MRDATA_PAGERDUTY_URL: live.url,
      MRDATA_PAGERDUTY_TOKEN: TOKEN,
      MRDATA_BOT_USER: BOT.id,
      MRDATA_FROM: BOT.email,
      MRDATA_FALLBACK_POLICY: FALLBACK_POLICY,
    });
    onTestFinished(server.stop);
    const { pagerduty } = live;
    pagerduty.subscribe({ url: server.webhookUrl, secret: server.secret, events: neededEvents });
    const trigger = (n: number): string => {
      const { incident } = pagerduty.trigger({
        serviceId: SERVICE,
        dedupKey: `key-${n}`,
        title: `Disk full on db-${n}`,
      });
      if (incident === null) throw new Error("no incident was opened");
      return incident;
    };
    const whenTold = (incident: string): number | null => {
      const first = pagerduty.notifications.find((one) => one.incident === incident && one.user !== BOT.id);
      return first === undefined ? null : first.at - pagerduty.incident(incident).createdAt;
    };
    // Everything is open and warm.
    const before = trigger(0);
    await expect.poll(() => whenTold(before)).not.toBeNull();

    const unlocks = files.map((name) => lock(localFiles(home)[name]));
    const unlocking = pause(LOCKED).then(() => {
      for (const unlock of unlocks) unlock();
    });
    const incidents: string[] = [];
    for (let n = 1; n <= INCIDENTS; n++) {
      incidents.push(trigger(n));
      await pause(SECOND);
    }
    await unlocking;
    await expect.poll(() => incidents.filter((one) => whenTold(one) === null), { interval: 250 }).toEqual([]);
    expect(Math.max(...incidents.map((one) => whenTold(one) ?? Number.POSITIVE_INFINITY))).toBeLessThan(
      60 * SECOND,
    );
    expect(told.filter(({ took }) => took >= 5 * SECOND)).toEqual([]);
    expect(new Set(told.map(({ status }) => status)).isSubsetOf(new Set([200, 503]))).toBe(true);
    // Locked for longer than a webhook waits, the bus takes none: 503, and PagerDuty sends it again.
    expect(told.some(({ status }) => status === 503)).toBe(files.some((name) => name === "bus"));

    const ledger = createLedger(openEmbeddedStore({ file: localFiles(home).ledger, indexes: allIndexes }));
    onTestFinished(() => ledger.close());
    const unknown = async () => {
      const kept = await Promise.all(
        incidents.map(
          async (one) => (await ledger.prediction(one)) !== null && (await ledger.incident(one)) !== null,
        ),
      );
      return kept.filter((isKept) => !isKept).length;
    };
    await expect.poll(unknown, { interval: 500 }).toBe(0);
  },
  420 * SECOND,
);
