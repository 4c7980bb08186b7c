import {
  type AccountDescription,
  createDiscreteClock,
  createPagerDutyDouble,
  goByRealTime,
  type PagerDutyDouble,
  substream,
} from "@mrdata/simulator";
import { onTestFinished } from "vitest";

export type LivePagerDuty = { readonly pagerduty: PagerDutyDouble; readonly url: string };

/**
 * PagerDuty's double over HTTP, its clock going by real time: for processes that live outside of the simulation. Its
 * webhooks go out by `fetch`.
 */
export async function livePagerDuty(
  account: AccountDescription,
  {
    fetch: fetchOf = fetch,
    onFinished = onTestFinished,
  }: { readonly fetch?: typeof fetch; readonly onFinished?: (stop: () => Promise<void>) => unknown } = {},
): Promise<LivePagerDuty> {
  const clock = createDiscreteClock(Date.now());
  const pagerduty = createPagerDutyDouble({ clock, account, random: substream(() => 0.5), fetch: fetchOf });
  const server = await pagerduty.listen();
  const time = goByRealTime(clock);
  onFinished(async () => {
    await time.stop();
    await server.close();
  });
  return { pagerduty, url: server.url };
}
