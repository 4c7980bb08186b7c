import type { AccountDescription, PagerDutyDouble } from "@mrdata/simulator";
import type { Layers } from "./layers.ts";

/** Makes the account at PagerDuty what the layers make of it, whenever it is called; open incidents keep their policies. */
export function editAccount(
  original: AccountDescription,
  { account: layers }: Pick<Layers, "account">,
  pagerduty: Pick<PagerDutyDouble, "setUser" | "setSchedule" | "setPolicy" | "setService">,
): () => void {
  let current = original;
  const changed = <T>(wanted: readonly T[], before: readonly T[]): readonly T[] =>
    wanted.filter((one) => !before.includes(one));
  return () => {
    const wanted = layers.all.reduce((account, edit) => edit(account), original);
    for (const user of changed(wanted.users, current.users)) pagerduty.setUser(user);
    for (const schedule of changed(wanted.schedules, current.schedules)) pagerduty.setSchedule(schedule);
    for (const policy of changed(wanted.policies, current.policies)) pagerduty.setPolicy(policy);
    for (const service of changed(wanted.services, current.services)) pagerduty.setService(service);
    current = wanted;
  };
}
