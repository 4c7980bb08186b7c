import { neededEvents } from "@mrdata/pagerduty";
import type { Ledger, Settings } from "@mrdata/platform";
import { TOKEN } from "../simulation/simulated-bot.ts";
import { BOT, FALLBACK_POLICY, smallAccount } from "../simulation/small-account.ts";
import { homeBackend, withHomeLedger } from "./home-ledger.ts";
import { livePagerDuty } from "./live-pagerduty.ts";
import { serving, temporaryFolder } from "./mrdata.ts";
import { mrdataHere } from "./mrdata-here.ts";

/** A served bot with a champion and these settings, on a PagerDuty in real time; and `mrdata` on both. */
export async function servedPatient(version: ReadonlyMap<string, Uint8Array>, settings: Settings) {
  const home = temporaryFolder();
  const live = await livePagerDuty(smallAccount());
  const env = {
    MRDATA_PAGERDUTY_URL: live.url,
    MRDATA_PAGERDUTY_TOKEN: TOKEN,
    MRDATA_BOT_USER: BOT.id,
    MRDATA_FROM: BOT.email,
    MRDATA_FALLBACK_POLICY: FALLBACK_POLICY,
    MRDATA_WEBHOOK_SECRET: "shared-secret",
  };
  const server = await serving(home, env);
  const { id } = live.pagerduty.subscribe({
    url: server.webhookUrl,
    events: neededEvents,
    secret: "shared-secret",
    description: "Mr Data",
  });
  await (await homeBackend(home, env).models()).publish("v1", version);
  const withLedger = <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => withHomeLedger(home, work, env);
  await withLedger(async (ledger) => {
    await ledger.promote("v1");
    await ledger.saveSettings(settings);
  });
  const run = (...args: readonly string[]) => mrdataHere([...args, "--home", home], { env });
  return { ...live, server, home, env, run, subscription: id, withLedger };
}
