import type { OrganisationCounts } from "@mrdata/incident";
import type { Ledger, Settings } from "@mrdata/platform";
import { isStorm } from "@mrdata/responder";

/** Incidents that open within this many milliseconds of a storm's incident belong to the same storm. */
const SAME_STORM_MS = 1_000;

export type OpenedQuestion = {
  /** When the incident opened, milliseconds. */
  readonly at: number;
  readonly rule: Settings["storm"];
  readonly organisation: () => Promise<OrganisationCounts>;
};

/**
 * Counts how many incidents opened within the storm's seconds before an incident. Each count reads an index entry per
 * incident, so counting for every incident of a storm would be quadratic: there one count is shared by what opens
 * within a second. Only a count that is a storm by the incident's own threshold is shared, so that sharing can page but
 * never hold; outside a storm there is little to count.
 */
export function createCountOpened(
  ledger: Pick<Ledger, "openedWithin">,
): (question: OpenedQuestion) => Promise<number> {
  let storm: { readonly at: number; readonly seconds: number; readonly opened: number } | null = null;

  return async ({ at, rule, organisation }) => {
    if (storm !== null && storm.seconds === rule.seconds && Math.abs(at - storm.at) < SAME_STORM_MS) {
      const { opened } = storm;
      if (isStorm(opened, await organisation(), rule)) return opened;
    }
    // This incident is included, whether or not it is recorded already.
    const opened = Math.max(1, await ledger.openedWithin(at, rule.seconds * 1_000));
    if (isStorm(opened, await organisation(), rule)) storm = { at, seconds: rule.seconds, opened };
    return opened;
  };
}
