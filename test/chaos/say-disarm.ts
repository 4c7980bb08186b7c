import { armedServices, type Ledger } from "@mrdata/platform";
import type { DiscreteClock, PagerDutyDouble, Random } from "@mrdata/simulator";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How often somebody says so; a hold is rare enough without. */
const EVERY = [2 * HOUR, 6 * HOUR] as const;
/** How long after an incident has come to the bot. */
const AFTER = [5 * SECOND, 3 * MINUTE] as const;
/** And where a fault has it said. */
const WITHIN_MOMENTS = [SECOND, 30 * SECOND] as const;
const LOOK = 5 * SECOND;
/** After so long nobody waits any more for the bot to obey. */
export const GIVEN_UP = 20 * MINUTE;
const WORD = "mrdata: disarm";

/** Somebody told the bot to stop. Milliseconds since the epoch. */
export type SaidDisarm = {
  readonly incident: string;
  readonly at: number;
  /** When the bot first accepted the webhook of it; null while it did not. */
  webhookAt: number | null;
  /** When no service was armed any more; null if one was until the end. */
  obeyedAt: number | null;
  /** Until when the incident that it stands on waited on the bot. */
  waitedUntil: number;
  /** When the bot took the incident to people afterwards, of which no webhook had told it; null where it did not. */
  sweptAt: number | null;
  /** Somebody saved other settings before the bot could. */
  overruled: boolean;
};

export type DisarmNotes = {
  readonly all: readonly SaidDisarm[];
  /** True while somebody waits for the bot to obey, and until it is armed again after it has. */
  isInForce(): boolean;
  /** Somebody saves settings. */
  overrule(): void;
  /** Says so within moments on the incident, unless somebody waits for the bot to obey already. */
  sayOn(incident: string): void;
};

export type SayDisarmOptions = {
  readonly pagerduty: PagerDutyDouble;
  readonly clock: DiscreteClock;
  /** As it is. */
  readonly ledger: Pick<Ledger, "settings">;
  readonly random: Random;
  readonly bot: string;
  readonly people: readonly [string, ...string[]];
  readonly to: number;
  /** What people do when they trust the bot again. */
  readonly armAgain: () => Promise<void>;
};

/**
 * Now and then a person writes "mrdata: disarm" on an incident that has come to the bot, also where its opening fails
 * and fails again, and watches the settings until the bot obeys. Minutes later everything is armed again.
 */
export function sayDisarm(options: SayDisarmOptions): DisarmNotes {
  const { pagerduty, clock, ledger, random, bot, people, to, armAgain } = options;
  const all: SaidDisarm[] = [];
  let waiting: SaidDisarm | null = null;
  let armedAgainAt = 0;
  let nextAt = clock.now() + random.between(...EVERY) / 4;

  const waitsOnBot = (id: string): boolean => {
    const { status, assignees } = pagerduty.incident(id);
    return status === "triggered" && assignees.length === 1 && assignees[0] === bot;
  };
  const isAccepted = ({ answer }: (typeof pagerduty.deliveries)[number]): boolean =>
    typeof answer === "number" && answer < 300;
  function acceptedAt({ incident, at }: SaidDisarm): number | null {
    const accepted = pagerduty.deliveries.findLast(
      (attempt) =>
        attempt.resource === incident &&
        attempt.at >= at &&
        attempt.eventType === "incident.annotated" &&
        isAccepted(attempt),
    );
    return accepted?.at ?? null;
  }
  function sweptAt({ incident, at }: SaidDisarm): number | null {
    const paged = pagerduty.events.findLast(
      (event) =>
        event.incident === incident &&
        event.at >= at &&
        event.agent === bot &&
        (event.type === "escalated" || event.type === "delegated"),
    );
    const isTold = pagerduty.deliveries.some(
      (attempt) => attempt.resource === incident && isAccepted(attempt),
    );
    return paged === undefined || isTold ? null : paged.at;
  }
  async function look(said: SaidDisarm): Promise<void> {
    const now = clock.now();
    said.webhookAt ??= acceptedAt(said);
    if (waitsOnBot(said.incident)) said.waitedUntil = now;
    said.sweptAt ??= sweptAt(said);
    if (armedServices(await ledger.settings()).length === 0) said.obeyedAt = now;
    if (said.obeyedAt === null && !said.overruled && now - said.at < GIVEN_UP)
      return void clock.schedule(now + LOOK, () => look(said));
    waiting = null;
    if (said.overruled) return;
    armedAgainAt = now + random.between(1, 10) * MINUTE;
    clock.schedule(armedAgainAt, armAgain);
  }
  async function say(incident: string): Promise<void> {
    if (armedServices(await ledger.settings()).length === 0) return;
    const said: SaidDisarm = {
      incident,
      at: clock.now(),
      webhookAt: null,
      obeyedAt: null,
      waitedUntil: clock.now(),
      sweptAt: null,
      overruled: false,
    };
    if (!pagerduty.addNote(incident, random.pick(people), WORD)) return;
    all.push(said);
    waiting = said;
    clock.schedule(clock.now() + LOOK, () => look(said));
  }

  pagerduty.onNotified(({ incident, bot: toBot, at }) => {
    if (!toBot || at < nextAt || at >= to || waiting !== null) return;
    nextAt = at + random.between(...EVERY);
    clock.schedule(at + random.between(...AFTER), () => say(incident));
  });
  return {
    all,
    isInForce: () => waiting !== null || clock.now() < armedAgainAt,
    overrule() {
      if (waiting !== null) waiting.overruled = true;
    },
    sayOn(incident) {
      if (waiting !== null) return;
      clock.schedule(clock.now() + random.between(...WITHIN_MOMENTS), async () => {
        if (waiting === null && waitsOnBot(incident)) await say(incident);
      });
    },
  };
}
