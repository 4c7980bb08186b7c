import { armedServices, defaultSettings, type Settings } from "@mrdata/platform";
import { createRandom, type Driven, driveOrganisation, type Organisation } from "@mrdata/simulator";
import { createSimulation, type Simulation, TOKEN } from "../simulation/simulated-bot.ts";
import { editAccount } from "./edit-account.ts";
import { AGENT_USER } from "./faults/agents.ts";
import type { Storm } from "./faults/storm.ts";
import type { Stage } from "./faults.ts";
import { nameOfAll } from "./judge.ts";
import { createLayers, skewOf, throughDoor, throughLedger, throughRest, tokenOf } from "./layers.ts";
import type { Life } from "./life.ts";
import { modelsWith } from "./models.ts";
import { onAndOff, type Stretch } from "./on-and-off.ts";
import type { PlayOptions } from "./play-options.ts";
import { type DisarmNotes, sayDisarm } from "./say-disarm.ts";
import { START } from "./timing.ts";

const MINUTE = 60_000;

/** The least and the longest time between two checks by a person that the bot is armed, milliseconds. */
const ARMED_AGAIN = [5 * MINUTE, 30 * MINUTE] as const;

/** Of `respond`; each knows only the events that it got itself. */
const INSTANCES = 3;

export type Staged = {
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
export async function stageOf(
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
  // A person who finds the bot disarmed by its own checks arms it again, whatever is still wrong: what is held then is judged, too.
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
  // The people who fixed it look at what the bot did meanwhile, and arm again, unless somebody has just disarmed it.
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
