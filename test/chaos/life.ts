import { createOrganisation, type Organisation } from "@mrdata/simulator";
import type { Fault } from "./faults.ts";
import { cycleOf, shareUnder } from "./on-and-off.ts";
import { BUSY, START, WINDOW } from "./timing.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Some episodes open no incident: because of maintenance, or because they add to one that is open. */
const SPARE = 1.04;

/** An organisation, and the time at which the faults end. */
export type Life = { readonly organisation: Organisation; readonly to: number };

/** An organisation that runs long enough for `incidents` incidents to meet all faults. */
export function organisationFor(faults: readonly Fault[], incidents: number, seed: number): Life {
  const share = faults.reduce((product, fault) => product * shareUnder(fault), 1);
  // What a fault opens by itself meets the others for their share of the time.
  const opened = Math.max(
    0,
    ...faults.map((fault) => ((fault.opens ?? 0) * share) / shareUnder(fault) / cycleOf(fault)),
  );
  const wanted =
    opened === 0 ? Math.ceil((incidents / share) * SPARE) + (faults.length > 1 ? 60 : 150) : null;
  const most = wanted ?? Math.ceil(incidents / share);
  const organisation = createOrganisation({
    seed,
    from: START,
    to: START + Math.ceil(most / 700 + 1) * DAY,
    busy: BUSY,
    bot: { timeoutMinutes: WINDOW / MINUTE },
  });
  const { episodes } = organisation;
  const last =
    wanted !== null
      ? episodes[wanted]
      : episodes.find(
          ({ startsAt }, i) => i * share + opened * (startsAt - START) > incidents * 1.3 + 150 * share,
        );
  if (last === undefined) throw new Error(`the organisation has only ${episodes.length} episodes`);
  // Time for the first storm, which waits until all others are on.
  const storm = faults.findLast(({ opens }) => opens !== undefined);
  const pause = Math.max(...faults.map(({ pauses }) => pauses[1]));
  const cycle = storm === undefined ? 0 : pause + storm.pauses[1] + 20 * MINUTE;
  return { organisation, to: Math.max(last.startsAt, START + cycle) };
}
