import { type IncidentEvent, pastOf, timelineOf } from "@mrdata/incident";
import { trainVersion, usualRule, writeVersion } from "@mrdata/learning";
import { createOrganisation, historyOf } from "@mrdata/simulator";
import type { VersionFiles } from "./models.ts";
import { BUSY, START, WINDOW } from "./timing.ts";

const DAY = 86_400_000;
const DAYS = 5;

/** The past of the same organisation, without the bot: of each incident what was told, in order. */
export async function pastOfOrganisation(seed: number): Promise<readonly (readonly IncidentEvent[])[]> {
  const from = START - DAYS * DAY;
  const organisation = createOrganisation({ seed, from, to: START, busy: BUSY, bot: null });
  const events = await historyOf(organisation, { seed, from, to: START });
  return [...Map.groupBy(events, ({ incident }) => incident).values()].map(timelineOf);
}

/** The files of the version that is champion in every run, trained on what was told of each incident. */
export async function trainChampion(
  past: readonly (readonly IncidentEvent[])[],
  seed: number,
): Promise<VersionFiles> {
  const version = await trainVersion(
    past.flatMap((events) => pastOf(events) ?? []),
    {
      windowMs: WINDOW,
      refits: 2,
      seed,
      trees: 20,
      rule: { ...usualRule, precision: 0.5, missBudget: 0.4 },
      now: START,
      progress: () => {},
    },
  );
  return writeVersion(version, () => "<!doctype html>");
}
