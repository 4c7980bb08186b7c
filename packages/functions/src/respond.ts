import {
  type ActionTaken,
  type EventDetails,
  type IncidentEvent,
  type IncidentSnapshot,
  noEventDetails,
  type Prediction,
} from "@mrdata/incident";
import type { Identity } from "@mrdata/pagerduty";
import type { Settings } from "@mrdata/platform";
import { type Circumstances, decide, handsOff, isLiveHold, type Rules } from "@mrdata/responder";
import type { Handler } from "./answer.ts";
import { barePrediction } from "./bare-prediction.ts";
import type { Champion } from "./champion.ts";
import { callsForPeople, keepsHold } from "./event-kinds.ts";
import { createGather } from "./gather.ts";
import { createHands, type HandsPorts, liveAmong } from "./hands.ts";
import { createHear } from "./hear.ts";
import { createLookTwice } from "./look-twice.ts";
import { type Delivery, type PushedPorts, pushHandler, reasonOf } from "./pushed.ts";
import { type DetailsPorts, readDetails } from "./read-details.ts";
import { readSettings, readSettingsOrFail, rulesFor } from "./rules-for.ts";

export { respondManifest } from "./manifests/respond.ts";

export type RespondPorts = PushedPorts & {
  /** Null while no PagerDuty token is configured: then the bot can only decide and record. */
  readonly pager: (NonNullable<HandsPorts["pager"]> & NonNullable<DetailsPorts["pager"]>) | null;
  readonly champion: Champion;
};

export type RespondOptions = {
  readonly identity: Identity;
  /** The hold window, milliseconds. */
  readonly window: number;
  /** Where the settings name none. */
  readonly fallbackPolicy: string | null;
};

/** An opening that is heard of within so many milliseconds is taken as it is told. */
const PROMPT = 10_000;

/** A decision before it is stored, and what it was made from. */
type Decided = {
  readonly prediction: Prediction;
  readonly circumstances: Circumstances;
  /** Other holds of the last hour. */
  readonly holds: readonly Prediction[];
};

/**
 * The first responder. On `incident.triggered` it decides and writes the prediction; on every event it asks whether
 * the incident waits on the bot without a live hold, and then pages at once. A hold counts only once it is stored. A
 * page never waits for the ledger: it goes out first, and what could not be written is written on redelivery.
 */
export function createRespond(ports: RespondPorts, options: RespondOptions): Handler {
  const { ledger, clock, log, champion, pager } = ports;
  const { identity, window, fallbackPolicy } = options;
  const bot = identity.botUser;
  const hands = createHands({ ledger, clock, log, pager }, { bot, fallbackPolicy });
  const hear = createHear({ ledger, clock, log, pager, hands });
  const lookTwice = createLookTwice({ ledger, hands });
  const gather = createGather({ ledger, log }, { window, bot });

  /** What is known of the incident, and, of an opening, what would be decided now; what is stored stands before it. */
  async function lookUp(
    event: IncidentEvent,
    { again }: Delivery,
  ): Promise<{
    readonly stored: Prediction | null;
    readonly settings: Settings | null;
    readonly details: EventDetails;
    readonly decided: Decided | null;
  }> {
    const { snapshot } = event;
    const opens = event.type === "triggered" && snapshot !== null;
    const predictor = await champion();
    const details = opens ? await readDetails(event.incident, predictor.details, ports) : noEventDetails;
    const now = clock.now();
    // Asked for side by side, the ledger answers in one round trip.
    const reading = readSettings(ledger, log);
    const [stored, settings, gathered] = await Promise.all([
      ledger.prediction(event.incident),
      reading,
      opens ? gather(event, snapshot, { details, settings: reading, now }) : null,
    ]);
    if (gathered === null) return { stored, settings, details, decided: null };
    const { observation, asOf, around, holds } = gathered;
    const forecast = predictor.predict(observation);
    const decideBy = (circumstances: Circumstances): Decided => ({
      prediction: decide(circumstances, { asOf }),
      circumstances,
      holds,
    });
    const decided = decideBy({ ...around, observation, forecast, predictor, now: clock.now() });
    const isOld = again || clock.now() - event.occurredAt > PROMPT;
    const isHold = stored === null && decided.prediction.holdUntil !== null;
    if (!isHold || !isOld || (await stillWaits(event.incident)))
      return { stored, settings, details, decided };
    const moved = decideBy({ ...decided.circumstances, waitsOnBot: false, now: clock.now() });
    return { stored, settings, details, decided: moved };
  }

  /**
   * What the opening told may be long past when it comes late or again: an earlier delivery may have paged and failed
   * to write so, a person may have taken the incident. Nothing is held that does not wait on the bot any more.
   */
  async function stillWaits(incident: string): Promise<boolean> {
    if (pager === null || bot === null) return true;
    return handsOff(await pager.getIncident(incident), bot) === null;
  }

  /** Tells the ledger what the alerts said, so that their past is known the next time. What was decided stands without. */
  async function teach(event: IncidentEvent, details: EventDetails): Promise<void> {
    if (Object.keys(details.numbers).length + Object.keys(details.texts).length === 0) return;
    const described: IncidentEvent = {
      ...event,
      id: `${event.incident}.described`,
      type: "described",
      actor: "bot",
      actorId: bot,
      details,
    };
    try {
      await ledger.recordEvent(described, { window });
    } catch (error) {
      log({
        severity: "WARNING",
        event: "details.unrecorded",
        incident: event.incident,
        reason: reasonOf(error),
      });
    }
  }

  /** Writes the prediction unless there is one. True if this is the one that stands: whoever wrote it leaves the note. */
  async function store(prediction: Prediction): Promise<boolean> {
    const created = await ledger.createPrediction(prediction);
    if (!created) return false;
    const { incident, decision, decidedBy, probability, mode } = prediction;
    log({ severity: "INFO", event: "prediction.stored", incident, decision, decidedBy, probability, mode });
    return true;
  }

  /** Holds, which is to store the prediction and nothing else. False if another delivery's decision stands and pages. */
  async function hold({ prediction, circumstances }: Decided, rules: Rules | null): Promise<boolean> {
    const taken: ActionTaken = { action: "none", sentence: "Held: nothing but the note.", at: clock.now() };
    const mine = { ...prediction, taken };
    if (!(await store(mine))) return isLiveHold(await ledger.prediction(mine.incident), rules, clock.now());
    await lookTwice(mine, circumstances);
    return true;
  }

  /** Pages first and writes after. A page that failed is written as such, and the message comes again. */
  async function page(decided: Prediction, snapshot: IncidentSnapshot | null): Promise<void> {
    let failure: unknown = null;
    let taken: ActionTaken;
    try {
      taken = await hands.pageIfWaiting(decided.incident, snapshot);
    } catch (error) {
      failure = error;
      taken = { action: "none", sentence: `Paging failed: ${reasonOf(error)}.`, at: clock.now() };
    }
    const { unsettled, ...paged } = { ...decided, taken, holdUntil: null };
    const created = await store(paged);
    if (!created && taken.action !== "none") {
      // Another delivery may have held it meanwhile.
      await ledger.endHold(decided.incident, {
        at: taken.at,
        why: "another delivery of its opening paged it",
      });
      await ledger.noteAction(decided.incident, taken);
    }
    if (failure !== null) throw failure;
    // Where an armed service's incident waited on the bot no more, there is nothing to tell.
    if (created && (taken.action !== "none" || paged.mode !== "armed")) await hands.annotate(paged);
  }

  /** Pages what a later event leaves waiting on the bot, and notes that a hold ends with it. */
  async function pageLate(
    { incident, snapshot, type, actor, occurredAt }: IncidentEvent,
    stored: Prediction | null,
    settings: Settings | null,
  ): Promise<void> {
    const why = `${type} by ${actor}`;
    let taken: ActionTaken | null = null;
    try {
      taken = await hands.pageIfWaiting(incident, snapshot);
    } finally {
      if (stored !== null && stored.holdUntil !== null && stored.ended === undefined)
        await ledger.endHold(incident, { at: Math.min(clock.now(), stored.holdUntil), why });
    }
    if (taken.action === "none") return;
    if (stored !== null) {
      if ((await ledger.noteAction(incident, taken)) && stored.decision === "page")
        await hands.annotate({ ...stored, taken });
      return;
    }
    const seen = snapshot === null ? await pager?.getIncident(incident) : null;
    const service = snapshot?.service ?? seen?.serviceId ?? "";
    await store(
      barePrediction({
        incident,
        service,
        title: snapshot?.title ?? seen?.title ?? "",
        openedAt: snapshot?.createdAt ?? seen?.createdAt ?? occurredAt,
        mode: settings === null ? "shadow" : rulesFor(settings, service).mode,
        window,
        decidedBy: "late",
        sentence: `The first that the bot heard of it was '${why}'.`,
        taken,
      }),
    );
  }

  /** A hold that was stored before something failed is none any more once it was paged. */
  async function noteIfPossible(incident: string, taken: ActionTaken): Promise<void> {
    try {
      await ledger.endHold(incident, { at: taken.at, why: "something failed, so it was paged" });
      await ledger.noteAction(incident, taken);
    } catch (error) {
      log({ severity: "WARNING", event: "action.unrecorded", incident, reason: reasonOf(error) });
    }
  }

  /** It is over: a hold ends with it. What was merged into a held incident makes that one more than it seemed. */
  async function over({ incident, mergedInto, occurredAt, actor }: IncidentEvent): Promise<void> {
    const stored = await ledger.prediction(incident);
    if (stored?.unsettled && stored.ended === undefined && stored.holdUntil !== null)
      await ledger.endHold(incident, {
        at: Math.min(occurredAt, stored.holdUntil),
        why: `resolved by ${actor}`,
      });
    if (mergedInto === null || mergedInto === "") return;
    const into = await ledger.prediction(mergedInto);
    if (into?.unsettled && into.ended === undefined)
      await hands.release([into], `The incident ${incident} was merged into it.`);
  }

  return pushHandler("respond", identity, ports, async (event, delivery) => {
    const { snapshot, incident } = event;
    // What is over needs nobody, and what the bot did itself asks nothing of it.
    if (event.actor === "bot" && event.type !== "triggered") return;
    if (event.type === "resolved") return over(event);
    let known: Awaited<ReturnType<typeof lookUp>>;
    try {
      known = await lookUp(event, delivery);
      const { stored, decided, settings } = known;
      if (decided !== null) {
        const { circumstances } = decided;
        const rules = settings === null ? null : rulesFor(settings, circumstances.observation.service);
        const isLive = isLiveHold(stored ?? decided.prediction, rules, clock.now());
        if (isLive && stored === null && (await hold(decided, rules))) return teach(event, known.details);
        if (isLive && stored !== null && delivery.again) {
          // The process that stored it may have ended right after.
          await lookTwice(stored, circumstances);
          return teach(event, known.details);
        }
      }
    } catch (error) {
      // The ledger or the model failed: page first. The message fails too, so the prediction is written when it comes again.
      const taken = await hands.pageIfWaiting(incident, snapshot);
      if (taken.action !== "none") await noteIfPossible(incident, taken);
      throw error;
    }
    const { stored, decided, settings, details } = known;
    if (decided !== null && stored === null) {
      const { prediction, holds } = decided;
      await page(prediction, snapshot);
      if (prediction.verdicts.some(({ name, allowsHold }) => name === "storm" && !allowsHold))
        await hands.release(liveAmong(holds, settings, clock.now()), "A storm began.");
      return teach(event, details);
    }
    const rules = stored === null || settings === null ? null : rulesFor(settings, stored.service);
    const keeps = keepsHold(event) && isLiveHold(stored, rules, clock.now());
    // Side by side: the page waits for nothing, and a person's word is heard even where nobody can be paged.
    const tried = await Promise.allSettled([
      keeps ? null : pageLate(event, stored, settings),
      hear(event, stored),
    ]);
    const service = snapshot?.service ?? stored?.service ?? null;
    if (service !== null && callsForPeople(event, stored))
      await hands.releaseLive(
        settings ?? (await readSettingsOrFail(ledger, log)),
        (one) => one.service === service && one.incident !== incident,
        `The incident ${incident} of the same service needs a human.`,
      );
    for (const one of tried) if (one.status === "rejected") throw one.reason;
  });
}
