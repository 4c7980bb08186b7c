import {
  type ActionTaken,
  type EventDetails,
  type IncidentEvent,
  type IncidentSnapshot,
  noEventDetails,
  type Prediction,
} from "@mrdata/incident";
import type { Identity } from "@mrdata/pagerduty";
import { modeOf, type Settings } from "@mrdata/platform";
import { decide, isLiveHold, noteOf } from "@mrdata/responder";
import type { Handler } from "./answer.ts";
import type { Champion } from "./champion.ts";
import { observe } from "./observe.ts";
import { type Pager, pageNow } from "./page-now.ts";
import { type PushedPorts, pushHandler, reasonOf } from "./pushed.ts";
import { type DetailsPorts, readDetails } from "./read-details.ts";
import { type NotePorts, writeNoteOnce } from "./write-note.ts";

export { respondManifest } from "./manifests/respond.ts";

export type RespondPorts = PushedPorts & {
  /** Null while no PagerDuty token is configured: then the bot can only decide and record. */
  readonly pager: (Pager & NotePorts["pager"] & NonNullable<DetailsPorts["pager"]>) | null;
  readonly champion: Champion;
};

export type RespondOptions = {
  readonly identity: Identity;
  /** The hold window, milliseconds. */
  readonly window: number;
  readonly fallbackPolicy: string | null;
};

type ServiceSettings = { readonly mode: Prediction["mode"]; readonly disarmed: boolean };

/**
 * The first responder. On `incident.triggered` it decides and writes the prediction; on every event it asks whether
 * the incident waits on the bot without a live hold, and then pages at once. A hold counts only once it is stored. A
 * page never waits for the ledger: it goes out first, and what could not be written is written on redelivery.
 */
export function createRespond(ports: RespondPorts, options: RespondOptions): Handler {
  const { ledger, clock, log, champion } = ports;
  const { identity, window } = options;

  /** Null when the settings cannot be read: then there is no armed service, and nothing is held. */
  async function settingsFor(service: string): Promise<ServiceSettings | null> {
    try {
      const settings: Settings = await ledger.settings();
      return { mode: modeOf(settings, service), disarmed: settings.disarmed !== null };
    } catch (error) {
      log({ severity: "ERROR", event: "settings.unreadable", reason: reasonOf(error) });
      return null;
    }
  }

  /** Pages if the incident waits on the bot. `snapshot` spares the call where it shows that it does not. */
  async function pageIfWaiting(incident: string, snapshot: IncidentSnapshot | null): Promise<ActionTaken> {
    const bot = identity.botUser;
    const none = (sentence: string): ActionTaken => ({ action: "none", sentence, at: clock.now() });
    if (bot === null) return none("The bot has no PagerDuty user, so nothing can wait on it.");
    if (snapshot !== null && !snapshot.assignees.includes(bot))
      return none("The incident is not assigned to the bot.");
    if (ports.pager === null && snapshot === null)
      return none("No PagerDuty token is configured, so the incident cannot be read.");
    if (ports.pager === null)
      throw new Error("the incident waits on the bot, and no PagerDuty token is configured to page with");
    const taken = await pageNow(incident, {
      pager: ports.pager,
      bot,
      fallbackPolicy: options.fallbackPolicy,
      clock,
    });
    log({ severity: "INFO", event: "page.asked", incident, action: taken.action, sentence: taken.sentence });
    return taken;
  }

  /** What is known of the incident, and what is decided now if it has just opened. */
  async function lookUp(event: IncidentEvent) {
    const { snapshot } = event;
    const opens = event.type === "triggered" && snapshot !== null;
    const predictor = await champion();
    const details = opens ? await readDetails(event.incident, predictor.details, ports) : noEventDetails;
    // Asked for side by side, the ledger answers in one round trip.
    const [stored, known, observed] = await Promise.all([
      ledger.prediction(event.incident),
      snapshot === null ? undefined : settingsFor(snapshot.service),
      opens ? observe(ledger, event, snapshot, { window, details }) : null,
    ]);
    const settings = known === undefined ? await settingsFor(stored?.service ?? "") : known;
    if (stored !== null || observed === null) return { stored, settings, details, decided: null };
    const { observation, asOf, alertType } = observed;
    const forecast = predictor.predict(observation);
    const circumstances = {
      observation,
      forecast,
      predictor,
      settings,
      window,
      now: clock.now(),
      touchedByPerson: event.actor === "human",
    };
    return { stored, settings, details, decided: decide(circumstances, { asOf, alertType }) };
  }

  /** Tells the ledger what the alerts said, so that their past is known the next time. What was decided stands without. */
  async function teach(event: IncidentEvent, details: EventDetails): Promise<void> {
    if (Object.keys(details.numbers).length + Object.keys(details.texts).length === 0) return;
    const described: IncidentEvent = {
      ...event,
      id: `${event.incident}.described`,
      type: "described",
      actor: "bot",
      actorId: identity.botUser,
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

  /** Writes the prediction unless there is one; answers with the one that stands. */
  async function store(prediction: Prediction): Promise<Prediction> {
    if (!(await ledger.createPrediction(prediction)))
      return (await ledger.prediction(prediction.incident)) ?? prediction;
    const { incident, decision, decidedBy, probability, mode } = prediction;
    log({ severity: "INFO", event: "prediction.stored", incident, decision, decidedBy, probability, mode });
    return prediction;
  }

  /** Holds, which is to store the prediction and nothing else. False if another delivery's decision stands and pages. */
  async function hold(decided: Prediction, settings: ServiceSettings | null): Promise<boolean> {
    const taken: ActionTaken = { action: "none", sentence: "Held: nothing but the note.", at: clock.now() };
    const standing = await store({ ...decided, taken });
    if (!isLiveHold(standing, settings, clock.now())) return false;
    await annotate(standing);
    return true;
  }

  /** Pages first and writes after. A page that failed is written as such, and the message comes again. */
  async function page(decided: Prediction, snapshot: IncidentSnapshot | null): Promise<void> {
    let failure: unknown = null;
    let taken: ActionTaken;
    try {
      taken = await pageIfWaiting(decided.incident, snapshot);
    } catch (error) {
      failure = error;
      taken = { action: "none", sentence: `Paging failed: ${reasonOf(error)}.`, at: clock.now() };
    }
    const standing = await store({ ...decided, taken });
    if (failure !== null) throw failure;
    await annotate(standing);
  }

  /** The note is a courtesy: failing to write it neither holds nor delays anything. */
  async function annotate(prediction: Prediction): Promise<void> {
    if (prediction.mode === "shadow" || ports.pager === null) return;
    try {
      await writeNoteOnce(prediction.incident, noteOf(prediction), { pager: ports.pager });
    } catch (error) {
      log({
        severity: "WARNING",
        event: "note.failed",
        incident: prediction.incident,
        reason: reasonOf(error),
      });
    }
  }

  return pushHandler("respond", identity, ports, async (event) => {
    const { snapshot, incident } = event;
    // What is over needs nobody, and what the bot did itself asks nothing of it.
    if (event.type === "resolved" || (event.actor === "bot" && event.type !== "triggered")) return;
    let known: Awaited<ReturnType<typeof lookUp>>;
    try {
      known = await lookUp(event);
      if (
        known.decided !== null &&
        isLiveHold(known.decided, known.settings, clock.now()) &&
        (await hold(known.decided, known.settings))
      )
        return teach(event, known.details);
    } catch (error) {
      // The ledger or the model failed: page first. The message fails too, so the prediction is written when it comes again.
      await pageIfWaiting(incident, snapshot);
      throw error;
    }
    const { stored, decided, settings, details } = known;
    if (decided !== null) {
      await page(decided, snapshot);
      return teach(event, details);
    }
    if (keepsHold(event) && isLiveHold(stored, settings, clock.now())) return;
    const taken = await pageIfWaiting(incident, snapshot);
    if (stored !== null && taken.action !== "none") await ledger.noteAction(incident, taken);
  });
}

/** Events that leave a hold as it is: the opening itself delivered again, and whatever no person did and moved nothing. */
function keepsHold(event: IncidentEvent): boolean {
  if (event.type === "triggered") return true;
  if (event.actor === "human") return false;
  return !["reopened", "unacknowledged", "delegated", "reassigned", "escalated", "priority_updated"].includes(
    event.type,
  );
}
