import { defaultSettings, disarmAll, type Settings, withMode } from "@mrdata/platform";
import { onTestFinished } from "vitest";
import type { PlainDocument } from "./memory-store.ts";
import { createSimulation, type Simulation, type SimulationOptions } from "./simulated-bot.ts";
import { ARMED_POLICY, BOT, FALLBACK_POLICY, ROBIN, SERVICE, smallAccount } from "./small-account.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;
export const START = Date.parse("2026-03-02T22:00:00Z");
export const WINDOW = 5 * MINUTE;

export const byTest = { why: "a test", who: ROBIN, at: START };
export const cautious: Settings = { ...defaultSettings, control: 0 };
export const armed = withMode(cautious, SERVICE, { mode: "armed", policy: ARMED_POLICY }, byTest);
export const disarmed = disarmAll(armed, byTest);

const create = (options: Partial<SimulationOptions>): Promise<Simulation> =>
  createSimulation({
    account: smallAccount(),
    bot: BOT,
    fallbackPolicy: FALLBACK_POLICY,
    start: START - DAY,
    ...options,
  });

export async function simulate(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const simulation = await create(options);
  onTestFinished(() => simulation.close());
  return simulation;
}

let key = 0;
/** Raises an alarm now; answers with the incident's id. */
export function raise({ pagerduty }: Simulation, title = "Disk 91% full on db-3"): string {
  const { incident } = pagerduty.trigger({ serviceId: SERVICE, dedupKey: `key-${++key}`, title });
  if (incident === null) throw new Error("no incident was opened");
  return incident;
}

export const clearNow = ({ pagerduty }: Simulation) =>
  pagerduty.clear({ serviceId: SERVICE, dedupKey: `key-${key}` });

/**
 * Ten incidents of the alert, on each of three hosts, that resolved themselves after two minutes: enough to hold the next on
 * any.
 */
async function withHistory(simulation: Simulation): Promise<void> {
  const { clock } = simulation;
  for (let i = 0; i < 10; i++)
    for (const title of ["Disk 93% full on db-5", "Disk 92% full on db-4", "Disk 91% full on db-3"]) {
      raise(simulation, title);
      await clock.run(clock.now() + 2 * MINUTE);
      clearNow(simulation);
      await clock.run(clock.now() + 18 * MINUTE);
    }
  await clock.run(START);
}

/** Of an organisation that no test plays, so that none of its incidents has the id of one in a test. */
const SEED_OF_HISTORY = 47;
const histories = new Map<boolean, Promise<readonly PlainDocument[]>>();

/** What is in the ledger after `withHistory`, played once in this process with sweeps and once without. */
function historyPlayed(sweeps: boolean): Promise<readonly PlainDocument[]> {
  const before = histories.get(sweeps);
  if (before !== undefined) return before;
  const play = async () => {
    const simulation = await create({ seed: SEED_OF_HISTORY, sweeps });
    await withHistory(simulation);
    const documents = simulation.documents();
    await simulation.close();
    return documents;
  };
  const playing = play();
  histories.set(sweeps, playing);
  return playing;
}

/**
 * A bot at `START` whose ledger has the day of `withHistory` behind it, without the time that playing it takes: PagerDuty knows
 * nothing of that day. Whoever wants it played with options of their own calls `simulate` and `withHistory`.
 */
export const simulateAfterHistory = async (options: Partial<SimulationOptions> = {}): Promise<Simulation> =>
  simulate({ start: START, documents: await historyPlayed(options.sweeps ?? false), ...options });

/** When a person was first told of the incident, counted from its opening; null if nobody was. */
export function pagedAfter({ pagerduty }: Simulation, incident: string): number | null {
  const told = pagerduty.notifications.find((one) => one.incident === incident && !one.bot);
  return told === undefined ? null : told.at - pagerduty.incident(incident).createdAt;
}

/** What the bot did to the incident, as PagerDuty logged it. */
export const doneByBot = ({ pagerduty }: Simulation, incident: string) =>
  pagerduty.events
    .filter((event) => event.incident === incident && event.agent === BOT.id)
    .map(({ type }) => type);
