import { type PastIncident, pastOf, timelineOf } from "@mrdata/incident";
import { trainVersion, usualRule, writeVersion } from "@mrdata/learning";
import { defaultSettings } from "@mrdata/platform";
import { createOrganisation, historyOf } from "@mrdata/simulator";
import type { VersionFiles } from "./models.ts";
import { BUSY, START, WINDOW } from "./play.ts";

const DAY = 86_400_000;

/** The past of the same organisation, without the bot: some days of it, as busy. */
export async function pastOfOrganisation(
  seed: number,
  days: number,
  busy: number,
): Promise<readonly PastIncident[]> {
  const from = START - days * DAY;
  const organisation = createOrganisation({ seed, from, to: START, busy, bot: null });
  const events = await historyOf(organisation, { seed, from, to: START });
  return [...Map.groupBy(events, ({ incident }) => incident).values()].flatMap(
    (list) => pastOf(timelineOf(list)) ?? [],
  );
}

/** The files of the version that is champion in every run. */
export async function trainChampion(seed: number, progress: (line: string) => void): Promise<VersionFiles> {
  const past = await pastOfOrganisation(seed, 5, BUSY);
  const version = await trainVersion(past, {
    window: WINDOW,
    refits: 2,
    seed,
    trees: 20,
    rule: { ...usualRule, missBudget: defaultSettings.missBudget },
    now: START,
    progress,
  });
  return writeVersion(version, () => "<!doctype html>");
}
