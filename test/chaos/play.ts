import type { Prediction } from "@mrdata/incident";
import type { Ledger, Settings } from "@mrdata/platform";
import { armedServices, defaultSettings } from "@mrdata/platform";
import {
  type AccountDescription,
  createOrganisation,
  createRandom,
  type Driven,
  driveOrganisation,
  type Organisation,
} from "@mrdata/simulator";
import { createSimulation, type Simulation, TOKEN } from "../simulation/simulated-bot.ts";
import { actAsPeople } from "./act-as-people.ts";
import { audit } from "./audit.ts";
import type { Beginning } from "./beginning.ts";
import type { Break } from "./breaks.ts";
import { editAccount } from "./edit-account.ts";
import { AGENT_USER } from "./faults/agents.ts";
import type { Storm } from "./faults/storm.ts";
import type { Fault, Stage } from "./faults.ts";
import { openingsOf } from "./first-person.ts";
import { keyOf } from "./incident-key.ts";
import { type Judgement, judge, nameOfAll, type Run } from "./judge.ts";
import { createLayers, skewOf, throughDoor, throughLedger, throughRest, tokenOf } from "./layers.ts";
import { modelsWith } from "./models.ts";
import { allAtOnce, asOneOf, cycleOf, onAndOff, type Stretch, shareUnder } from "./on-and-off.ts";
import { type DisarmNotes, sayDisarm } from "./say-disarm.ts";
import { BUSY, START, WINDOW } from "./timing.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long is played on after the fault is over, at least and, while webhooks or messages wait, at most: some are tried again within the hour. */
const AFTERMATH = [HOUR, 4 * HOUR] as const;
/** Of what goes wrong some opens no incident, because of maintenance or because it adds to one that is open. */
const SPARE = 1.04;
/** How often somebody looks whether the bot is armed. */
const ARMED_AGAIN = [5 * MINUTE, 30 * MINUTE] as const;
/** Of `respond`; each knows only what it was told itself. */
const INSTANCES = 3;

export type PlayOptions = {
  /** All of them, each on and off by itself. */
  readonly faults: readonly Fault[];
  readonly incidents: number;
  readonly seed: number;
  /** Functions, bus and PagerDuty speak over HTTP on 127.0.0.1. */
  readonly http?: boolean;
  readonly beginning: Beginning;
  readonly broken?: Break | undefined;
  /** Told now and then which share of the incidents has been played. */
  readonly onProgress?: (share: number) => void;
};

/** Plays faults over so many incidents that meet all of them, ends them, and judges what became of the incidents. */
export async function play(options: PlayOptions): Promise<Judgement> {
  const { incidents, seed, beginning, onProgress = () => {} } = options;
  const faults = options.faults.map((fault) => asOneOf(fault, options.faults.length));
  const life = organisationFor(faults, incidents, seed);
  const { organisation, to } = life;
  const alone = takesBoth(faults) ? await playAlone({ ...options, faults }, life) : null;
  const staged = await stageOf({ ...options, faults }, life);
  const { simulation, stretchesOf, storms, callsAt, disarms, unreadable, armedAt } = staged;
  const { clock, pagerduty, ledger, bus } = simulation;
  try {
    actAsPeople({
      pagerduty,
      clock,
      random: createRandom(seed, `${nameOfAll(faults)} meddle`),
      bot: organisation.bot.id,
      people: ["PROBIN", "PALEX", "PSAM", "PKIM"],
      share: 0.12,
    });
    for (let at = START; at < to; at += HOUR) {
      await clock.run(Math.min(at + HOUR, to));
      onProgress((Math.min(at + HOUR, to) - START) / (to - START));
    }
    await clock.run(to + 20 * MINUTE);
    const undelivered = await staged.replay();
    const [least, most] = AFTERMATH;
    for (let at = to + least; at <= to + most; at += 10 * MINUTE) {
      await clock.run(at);
      if (pagerduty.webhooksWaiting() + bus.waiting() === 0) break;
    }
    const predictions = await predictionsOf(
      ledger,
      pagerduty.incidents().map(({ id }) => id),
    );
    const disarmed = faults.findIndex(({ name }) => name === "disarmed");
    const judged = judge({
      faults,
      simulation,
      predictions,
      bot: organisation.bot.id,
      people: peopleOf(organisation.account),
      window: WINDOW,
      stretches: allAtOnce(stretchesOf),
      disarmedAt: stretchesOf[disarmed] ?? [],
      disarms: { said: disarms?.all ?? [], stretchesOf },
      unreadable,
      armedAt,
      storms,
      callsAt,
      spared: sparedIn(faults, stretchesOf),
      alone,
      undelivered,
      wanted: incidents,
    });
    const audited = await audit({ faults, simulation, predictions, window: WINDOW, beginning });
    return { ...judged, violations: [...judged.violations, ...audited] };
  } finally {
    await simulation.close();
  }
}

const takesBoth = (faults: readonly Fault[]): boolean =>
  faults.some(({ takes }) => takes === "bot") && faults.some(({ takes }) => takes === "people");

/** When both were on of two faults that take the bot and the people, each with the end of the bot's. */
function sparedIn(faults: readonly Fault[], stretchesOf: readonly (readonly Stretch[])[]): Run["spared"] {
  const of = (takes: Fault["takes"]): readonly Stretch[] =>
    stretchesOf.filter((_, i) => faults[i]?.takes === takes).flat();
  const people = of("people");
  return of("bot").flatMap((bot) =>
    allAtOnce([[bot], people]).map((both) => ({ ...both, botBackAt: bot.to })),
  );
}

const peopleOf = ({ users }: AccountDescription): ReadonlySet<string> =>
  new Set(users.flatMap(({ id, bot }) => (bot === true ? [] : [id])));

/**
 * The same organisation under the same faults, where the bot's account never says a word and people do nothing that
 * they were not told to: after how long the first person was told of each incident, milliseconds, by `keyOf`.
 */
async function playAlone(options: PlayOptions, life: Life): Promise<ReadonlyMap<string, number>> {
  const { simulation } = await stageOf(options, life, { silent: true });
  const { clock, pagerduty } = simulation;
  try {
    await clock.run(life.to + AFTERMATH[0]);
    const openings = openingsOf(pagerduty, () => false, clock.now());
    return new Map(
      openings
        .filter(({ reopened, end }) => !reopened && end !== "closed")
        .map(({ incident, from, to }) => [keyOf(pagerduty.incident(incident)), to - from]),
    );
  } finally {
    await simulation.close();
  }
}

type Staged = {
  readonly simulation: Simulation;
  /** When each of the faults was on. */
  readonly stretchesOf: readonly (readonly Stretch[])[];
  readonly storms: readonly Storm[];
  readonly callsAt: readonly number[];
  /** Null where nobody says anything. */
  readonly disarms: DisarmNotes | null;
  /** When escalation policies could not be read at all. */
  readonly unreadable: readonly Stretch[];
  /** When people armed everything anew. */
  readonly armedAt: readonly number[];
  /** Tries dead letters again; answers with how many there were from the beginning. */
  replay(): Promise<number>;
};

/** The organisation, the bot and the faults, ready to be played. */
async function stageOf(
  { faults, seed, http = false, beginning, broken }: PlayOptions,
  { organisation, to }: Life,
  { silent = false }: { readonly silent?: boolean } = {},
): Promise<Staged> {
  const name = nameOfAll(faults);
  const random = (what: string) => createRandom(seed, `${name} ${what}`);
  const layers = createLayers();
  const world: { driven: Driven | null } = { driven: null };
  const breakRandom = random("break");
  const simulation = await createSimulation({
    account: {
      ...organisation.account,
      users: [...organisation.account.users, AGENT_USER],
      restTokens: [{ token: TOKEN, scopes: "full" }],
    },
    bot: organisation.bot,
    automationUsers: [AGENT_USER.id],
    fallbackPolicy: organisation.fallbackPolicy,
    start: START,
    seed,
    http,
    window: "5m",
    instances: INSTANCES,
    models: modelsWith(beginning.version),
    documents: beginning.documents,
    token: tokenOf(layers),
    skew: skewOf(layers),
    sweeps: !silent,
    checks: true,
    log: () => {},
    ledger: (ledger, clock) => {
      const faulty = throughLedger(layers)(ledger, clock);
      return broken?.ledger?.(faulty, (incident) => world.driven?.episodeOf(incident)) ?? faulty;
    },
    fetch: (pagerduty, clock) => {
      const faulty = throughRest(layers)(pagerduty, clock);
      return broken?.fetch?.(faulty) ?? faulty;
    },
    handler: (function_, handler, clock) =>
      throughDoor(layers)(function_, broken?.handler?.(function_, handler, breakRandom) ?? handler, clock),
  });
  const { clock, pagerduty, ledger, bus } = simulation;
  const callsAt: number[] = [];
  pagerduty.onRestCall(({ at }) => callsAt.push(at));
  // What people do is drawn by the organisation itself; the driver knows how each thing would end.
  world.driven = driveOrganisation({ organisation, seed, pagerduty, clock, from: START, to });
  pagerduty.faults.set({ webhookLatency: 300, restLatency: 60 });
  if (silent) layers.door.add(() => Promise.reject(new Error("connection refused")));
  refusePartsInTurn(simulation, random("bulk"), to);
  await ledger.promote("sound");
  const storms: Storm[] = [];
  const armedNow = () => armed(organisation, clock.now());
  const armedAt: number[] = [];
  const save = () => {
    armedAt.push(clock.now());
    return ledger.saveSettings(layers.settings.all.reduce((settings, edit) => edit(settings), armedNow()));
  };
  await save();
  // Whoever finds the bot disarmed by its own checks arms it again, whatever is still wrong: what is held then is judged, too.
  const armWhatDisarmedItself = async (): Promise<void> => {
    const isOff = armedServices(await ledger.settings()).length === 0;
    if (isOff && disarms?.isInForce() !== true) await save();
    if (clock.now() < to)
      clock.schedule(clock.now() + armRandom.between(...ARMED_AGAIN), armWhatDisarmedItself);
  };
  const armRandom = random("arm");
  if (!silent) clock.schedule(START + ARMED_AGAIN[1], armWhatDisarmedItself);
  const disarms = silent
    ? null
    : sayDisarm({
        pagerduty,
        clock,
        ledger,
        random: random("disarm"),
        bot: organisation.bot.id,
        people: ["PNOOR", "PJULES"],
        to,
        armAgain: save,
      });
  const saveSettings = async (): Promise<void> => {
    disarms?.overrule();
    await save();
  };
  const unreadable: Stage["unreadable"] = [];
  const common = {
    simulation,
    layers,
    account: organisation.account,
    saveSettings,
    editAccount: editAccount(organisation.account, layers, pagerduty),
    sayDisarmOn: (incident: string) => disarms?.sayOn(incident),
    storms,
    unreadable,
  };
  let undelivered = 0;
  const replay = async (): Promise<number> => {
    undelivered += bus.deadLetters.length;
    await bus.replayDeadLetters();
    return undelivered;
  };
  // The people who mended it look at what the bot did meanwhile, and begin again, unless somebody just said no.
  const afterwards = async (): Promise<void> => {
    if (disarms?.isInForce() !== true) await save();
    await replay();
  };
  const stretchesOf: (readonly Stretch[])[] = [];
  for (const [i, fault] of faults.entries()) {
    const stage: Stage = { ...common, random: random(`${fault.name} fault`) };
    const othersAreOn = (): boolean =>
      faults.every(
        ({ opens }, other) =>
          other === i ||
          opens !== undefined ||
          (stretchesOf[other]?.at(-1)?.to ?? 0) > clock.now() + 2 * MINUTE,
      );
    stretchesOf.push(
      onAndOff(fault, stage, { to, random: random(`${fault.name} stretches`), afterwards, othersAreOn }),
    );
  }
  return { simulation, stretchesOf, storms, callsAt, disarms, unreadable, armedAt, replay };
}

/** Nobody knows how PagerDuty refuses a part of a bulk change: each way for a while. */
function refusePartsInTurn(
  { clock, pagerduty }: Simulation,
  random: ReturnType<typeof createRandom>,
  to: number,
): void {
  const next = (): void => {
    pagerduty.faults.set({ bulkRefusal: random.pick(["all", "rest", "told", "untold"]) });
    if (clock.now() < to) clock.schedule(clock.now() + random.between(10, 60) * MINUTE, next);
  };
  next();
}

type Life = { readonly organisation: Organisation; readonly to: number };

/** An organisation that lives long enough for so many incidents to meet all faults, and until when. */
function organisationFor(faults: readonly Fault[], incidents: number, seed: number): Life {
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
