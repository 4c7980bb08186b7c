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
 * What to note after these checks. A check that was unknown before keeps its start; one that was answered is removed. A
 * newly unknown check was last answered by the checks before, or by those of the arming. Where PagerDuty did not answer
 * at all, nothing else was checked, and what was unknown stays so.
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
      // A clock that was set back must not put the start in the future.
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

/** One check per name: two webhook subscriptions may be unknown at the same time. */
const byName = (checks: readonly Check[]): readonly Check[] => [
  ...new Map(checks.map((check) => [check.name, check])).values(),
];

const armedOf = (settings: Settings): readonly ArmedService[] =>
  armedServices(settings).map((service) => ({ service, armedAt: modeSince(settings, service) }));

/** An unreadable document is overwritten and starts afresh: otherwise the checks could never be noted again. */
function nothingIfUnreadable(error: unknown): LastChecks {
  if (error instanceof UnreadableDocumentError) return nothingNoted;
  throw error;
}

/**
 * Records in the ledger when required checks were last answered, and raises the alarm when one is unknown for too long.
 */
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
    /** Notes the result of the checks that were begun at `askedAt`, milliseconds since the epoch. */
    async note(health: ArmedHealth, settings: Settings, askedAt: number): Promise<void> {
      for (const { name, subject, sentence } of health.unknown)
        log({ severity: "WARNING", event: "check.unknown", check: name, subject, sentence });
      const before = await ledger.lastChecks().catch(nothingIfUnreadable);
      await ledger.noteLastChecks(nextChecks(before, health, { armed: armedOf(settings), now: askedAt }));
    },

    /**
     * Armed services with a check that has been unknown for too long: nothing of theirs may be held. Alarms once for
     * each.
     */
    async unreliable(settings: Settings): Promise<readonly string[]> {
      const armed = armedOf(settings);
      const noted = await ledger.lastChecks();
      const own = noted.unknown.filter(({ service }) => armed.some((one) => one.service === service));
      // A service that is armed again starts afresh.
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
