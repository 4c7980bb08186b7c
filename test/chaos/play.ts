import type { Prediction } from "@mrdata/incident";
import type { Ledger, Settings } from "@mrdata/platform";
import { defaultSettings, disarmAll } from "@mrdata/platform";
import {
  createOrganisation,
  createRandom,
  type Driven,
  driveOrganisation,
  type Organisation,
  type Random,
} from "@mrdata/simulator";
import { createSimulation, TOKEN } from "../simulation/simulated-bot.ts";
import { audit } from "./audit.ts";
import type { Break } from "./breaks.ts";
import type { Fault, Stage } from "./faults.ts";
import { type Judgement, judge } from "./judge.ts";
import { meddle } from "./meddle.ts";
import {
  allWell,
  faultyLedger,
  faultyRest,
  modelsWith,
  throughDoor,
  tokenOf,
  type VersionFiles,
} from "./switches.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const WINDOW = 5 * MINUTE;
/** Monday morning: the organisation begins to fall to pieces. */
export const START = Date.parse("2026-03-02T08:00:00Z");
/** So many times as much goes wrong as usual: ten thousand incidents are then a week and not seven months of sweeps. */
export const BUSY = 20;
/** How long is played on after the fault is over: webhooks that wait are tried again within the hour. */
const AFTERMATH = 4 * HOUR;
/** Of what goes wrong some opens no incident, because of maintenance or because it adds to one that is open. */
const SPARE = 1.04;

export type PlayOptions = {
  readonly fault: Fault;
  readonly incidents: number;
  readonly seed: number;
  /** Functions, bus and PagerDuty speak over HTTP on 127.0.0.1. */
  readonly http?: boolean;
  readonly version: VersionFiles;
  readonly broken?: Break | undefined;
  /** Told now and then which share of the incidents has been played. */
  readonly onProgress?: (share: number) => void;
};

/** Plays one fault over so many incidents, ends it, and judges what became of them. */
export async function play(options: PlayOptions): Promise<Judgement> {
  const { fault, incidents, seed, http = false, version, broken, onProgress = () => {} } = options;
  const random = (name: string) => createRandom(seed, `${fault.name} ${name}`);
  const { organisation, to } = organisationFor(incidents / shareUnder(fault), seed);
  const switches = allWell();
  const world: { driven: Driven | null } = { driven: null };
  const simulation = await createSimulation({
    account: { ...organisation.account, restTokens: [{ token: TOKEN, scopes: "full" }] },
    bot: organisation.bot,
    fallbackPolicy: organisation.fallbackPolicy,
    start: START,
    seed,
    http,
    window: "5m",
    models: modelsWith(version),
    token: tokenOf(switches),
    skew: () => switches.skew,
    sweeps: true,
    checks: true,
    log: () => {},
    ledger: (ledger, clock) => {
      const faulty = faultyLedger(switches, random("ledger"))(ledger, clock);
      return broken?.ledger?.(faulty, (incident) => world.driven?.episodeOf(incident)) ?? faulty;
    },
    fetch: (pagerduty) => {
      const faulty = faultyRest(switches, random("rest"))(pagerduty);
      return broken?.fetch?.(faulty) ?? faulty;
    },
    handler: (name, handler, clock) =>
      throughDoor(switches)(name, broken?.handler?.(name, handler, random("break")) ?? handler, clock),
  });
  const { clock, pagerduty, ledger, bus } = simulation;
  // What people do is drawn by the organisation itself; the driver knows how each thing would end.
  world.driven = driveOrganisation({ organisation, seed, pagerduty, clock, from: START, to });
  try {
    pagerduty.faults.set({ webhookLatency: 300, restLatency: 60 });
    await ledger.promote("sound");
    const arm = () => ledger.saveSettings(armed(organisation, clock.now()));
    const stage: Stage = {
      simulation,
      switches,
      random: random("fault"),
      arm,
      disarm: () =>
        ledger.saveSettings(
          disarmAll(armed(organisation, clock.now()), { why: "chaos", who: "PROBIN", at: clock.now() }),
        ),
    };
    await arm();
    meddle({
      pagerduty,
      clock,
      random: random("meddle"),
      bot: organisation.bot.id,
      people: ["PROBIN", "PALEX", "PSAM", "PKIM"],
      share: 0.12,
    });
    const stretches = onAndOff(fault, stage, to, random("stretches"));
    for (let at = START; at < to; at += HOUR) {
      await clock.run(Math.min(at + HOUR, to));
      onProgress((Math.min(at + HOUR, to) - START) / (to - START));
    }
    await clock.run(to + 20 * MINUTE);
    await bus.replayDeadLetters();
    await clock.run(to + AFTERMATH);
    const predictions = await predictionsOf(
      ledger,
      pagerduty.incidents().map(({ id }) => id),
    );
    const judged = judge({
      fault,
      simulation,
      predictions,
      bot: organisation.bot.id,
      window: WINDOW,
      stretches,
      wanted: incidents,
    });
    const audited = await audit({ fault, simulation, predictions, window: WINDOW, version });
    return { ...judged, violations: [...judged.violations, ...audited] };
  } finally {
    await simulation.close();
  }
}

/** Which share of the time a fault is on. */
function shareUnder({ lasts, pauses }: Fault): number {
  const mean = ([least, most]: Fault["lasts"]): number => (least + most) / 2;
  return mean(lasts) / (mean(lasts) + mean(pauses));
}

/** An organisation that lives long enough for so many incidents, and until when. */
function organisationFor(incidents: number, seed: number): { organisation: Organisation; to: number } {
  const wanted = Math.ceil(incidents * SPARE) + 150;
  const organisation = createOrganisation({
    seed,
    from: START,
    to: START + Math.ceil(wanted / 700 + 1) * DAY,
    busy: BUSY,
    bot: { timeoutMinutes: WINDOW / MINUTE },
  });
  const last = organisation.episodes[wanted];
  if (last === undefined)
    throw new Error(`the organisation has only ${organisation.episodes.length} episodes`);
  return { organisation, to: last.startsAt };
}

/** Switches the fault on and off until `to`, and then off for good. The list grows as time goes by. */
function onAndOff(
  fault: Fault,
  stage: Stage,
  to: number,
  random: Random,
): readonly { readonly from: number; readonly to: number }[] {
  const { clock, bus } = stage.simulation;
  const stretches: { from: number; to: number }[] = [];
  const on = (): void => {
    clock.schedule(clock.now() + random.between(...fault.pauses), async () => {
      const from = clock.now();
      if (from >= to) return;
      const until = Math.min(to, from + random.between(...fault.lasts));
      stretches.push({ from, to: until });
      clock.schedule(until, async () => {
        await fault.end(stage);
        // The people who mended it look at what the bot did meanwhile, and begin again.
        await stage.arm();
        await bus.replayDeadLetters();
        on();
      });
      await fault.begin(stage);
    });
  };
  on();
  return stretches;
}

/**
 * Every service armed. Three numbers are this run's own, because the usual ones are made for an organisation in which
 * far less goes wrong. The caps on holds would page nearly everything. The storm's norm is that of the week before,
 * and the whole run is about a week: until then every hour would be a storm; here one is when forty incidents open in ten
 * minutes. And the faults would spend the miss budget within an hour, which would end the experiment.
 */
function armed({ account }: Organisation, at: number): Settings {
  return {
    ...defaultSettings,
    caps: { service: 60, all: 600 },
    storm: { seconds: 600, least: 40, times: 1 },
    missBudget: 1,
    services: Object.fromEntries(
      account.services.map(({ id, policyId }) => [
        id,
        { mode: "armed", policy: policyId, who: "PROBIN", at, why: "chaos" },
      ]),
    ),
  };
}

async function predictionsOf(
  ledger: Ledger,
  incidents: readonly string[],
): Promise<ReadonlyMap<string, Prediction>> {
  const predictions = new Map<string, Prediction>();
  for (const id of incidents) {
    const prediction = await ledger.prediction(id);
    if (prediction !== null) predictions.set(id, prediction);
  }
  return predictions;
}
