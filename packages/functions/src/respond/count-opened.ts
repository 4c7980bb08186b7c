import type { OrganisationCounts } from "@mrdata/incident";
import type { Ledger, Settings } from "@mrdata/platform";
import { isStorm } from "@mrdata/responder";

/** What opens within so many milliseconds of an incident of a storm is in that storm. */
const SAME_STORM = 1_000;

export type OpenedQuestion = {
  /** When the incident opened, milliseconds. */
  readonly at: number;
  readonly rule: Settings["storm"];
  readonly organisation: () => Promise<OrganisationCounts>;
};

/**
 * Counts how many incidents opened within the storm's seconds before one that opened. Each count reads an index entry
 * for every one of them, so in a storm, where each would count all that came before, the count grows with the storm: there
 * one count is shared by what opens within a second of it. Only a count that is a storm by the incident's own measure is
 * shared, so that sharing can page and never hold; short of a storm there is little to count.
 */
export function createCountOpened(
  ledger: Pick<Ledger, "openedWithin">,
): (question: OpenedQuestion) => Promise<number> {
  let storm: { readonly at: number; readonly seconds: number; readonly opened: number } | null = null;

  return async ({ at, rule, organisation }) => {
    if (storm !== null && storm.seconds === rule.seconds && Math.abs(at - storm.at) < SAME_STORM) {
      const { opened } = storm;
      if (isStorm(opened, await organisation(), rule)) return opened;
    }
    // This one is among them, whether or not it was recorded already.
    const opened = Math.max(1, await ledger.openedWithin(at, rule.seconds * 1_000));
    if (isStorm(opened, await organisation(), rule)) storm = { at, seconds: rule.seconds, opened };
    return opened;
  };
}
