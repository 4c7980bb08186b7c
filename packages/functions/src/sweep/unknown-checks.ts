import type { ArmedHealth, Check } from "@mrdata/doctor";
import {
  armedServices,
  type Clock,
  type LastChecks,
  type Ledger,
  type Log,
  modeSince,
  type Settings,
  type UnknownCheck,
  UnreadableDocumentError,
} from "@mrdata/platform";
import { tooLongUnknown, unknownNow } from "@mrdata/responder";

export type ArmedService = {
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly armedAt: number;
};

/** Before any check was noted. */
export const nothingNoted: LastChecks = { answeredAt: null, unknown: [] };

/**
 * What is to be noted after these checks. A check that was unknown before keeps its beginning; one that was answered is
 * gone. What is newly unknown was last answered by the checks before, or by those of the arming. Where PagerDuty did not
 * answer at all, nothing else was asked, and what was unknown before stays so.
 */
export function nextChecks(
  before: LastChecks,
  { unknownOf, isWhole }: Pick<ArmedHealth, "unknownOf" | "isWhole">,
  { armed, now }: { readonly armed: readonly ArmedService[]; readonly now: number },
): LastChecks {
  const current = armed.flatMap(({ service, armedAt }) =>
    byName(unknownOf.get(service) ?? []).map(({ name, sentence }): UnknownCheck => {
      const known = before.unknown.find((one) => one.service === service && one.check === name);
      const answeredAt = Math.max(before.answeredAt ?? armedAt, armedAt);
      // A clock that was set back makes no beginning of the future.
      return { service, check: name, sentence, since: Math.min(known?.since ?? answeredAt, now) };
    }),
  );
  if (isWhole) return { answeredAt: now, unknown: current };
  const asked = new Set(current.map(({ service, check }) => `${service} ${check}`));
  const services = new Set(armed.map(({ service }) => service));
  const unasked = before.unknown.filter(
    ({ service, check }) => services.has(service) && !asked.has(`${service} ${check}`),
  );
  return { answeredAt: before.answeredAt, unknown: [...current, ...unasked] };
}

/** One of each name: two webhook subscriptions may be unknown at once. */
const byName = (checks: readonly Check[]): readonly Check[] => [
  ...new Map(checks.map((check) => [check.name, check])).values(),
];

const armedOf = (settings: Settings): readonly ArmedService[] =>
  armedServices(settings).map((service) => ({ service, armedAt: modeSince(settings, service) }));

/** What cannot be read is overwritten, and begins anew: it would else keep the checks from being noted for good. */
function nothingIfUnreadable(error: unknown): LastChecks {
  if (error instanceof UnreadableDocumentError) return nothingNoted;
  throw error;
}

/** Keeps in the ledger when needed checks were answered last, and raises the alarm when one is unknown for too long. */
export function createUnknownChecks({
  ledger,
  clock,
  log,
}: {
  readonly ledger: Pick<Ledger, "lastChecks" | "noteLastChecks">;
  readonly clock: Clock;
  readonly log: Log;
}) {
  const alarmed = new Set<string>();
  return {
    /** Notes what came of the checks that were begun at `askedAt`, milliseconds since the epoch. */
    async note(health: ArmedHealth, settings: Settings, askedAt: number): Promise<void> {
      for (const { name, subject, sentence } of health.unknown)
        log({ severity: "WARNING", event: "check.unknown", check: name, subject, sentence });
      const before = await ledger.lastChecks().catch(nothingIfUnreadable);
      await ledger.noteLastChecks(nextChecks(before, health, { armed: armedOf(settings), now: askedAt }));
    },

    /** Armed services of which something has been unknown for too long: nothing of theirs may be held. Alarms once each. */
    async unreliable(settings: Settings): Promise<readonly string[]> {
      const armed = armedOf(settings);
      const noted = await ledger.lastChecks();
      const own = noted.unknown.filter(({ service }) => armed.some((one) => one.service === service));
      // A service that is armed again begins anew.
      if (own.length < noted.unknown.length) await ledger.noteLastChecks({ ...noted, unknown: own });
      const now = clock.now();
      const lasting = armed.flatMap((one) =>
        tooLongUnknown(unknownNow(noted, one, now), now).map((unknown) => ({
          ...unknown,
          service: one.service,
        })),
      );
      for (const { service, check, sentence, since } of lasting) {
        const key = `${service} ${check} ${since}`;
        if (alarmed.has(key)) continue;
        alarmed.add(key);
        const minutes = Math.floor((now - since) / 60_000);
        log({ severity: "CRITICAL", event: "check.unreliable", service, check, minutes, sentence });
      }
      return [...new Set(lasting.map(({ service }) => service))];
    },
  };
}
