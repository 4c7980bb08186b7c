import type { ArmedHealth, Check } from "@mrdata/doctor";
import {
  armedServices,
  type Clock,
  type Ledger,
  type Log,
  type Settings,
  type UnknownCheck,
} from "@mrdata/platform";
import { tooLongUnknown } from "@mrdata/responder";

/** While something is unknown it is asked again sooner than every quarter of an hour. */
export const RECHECK_MS = 5 * 60_000;

/**
 * What is unknown after these checks. A check that was unknown before keeps its beginning; one that was answered is
 * gone. Where PagerDuty did not answer at all, nothing else was asked, and what was unknown before stays so.
 */
export function nextUnknown(
  before: readonly UnknownCheck[],
  { unknownOf, isWhole }: Pick<ArmedHealth, "unknownOf" | "isWhole">,
  { armed, now }: { readonly armed: readonly string[]; readonly now: number },
): readonly UnknownCheck[] {
  const current = armed.flatMap((service) =>
    byName(unknownOf.get(service) ?? []).map(({ name, sentence }): UnknownCheck => {
      const known = before.find((one) => one.service === service && one.check === name);
      // A clock that was set back makes no beginning of the future.
      return { service, check: name, sentence, since: Math.min(known?.since ?? now, now) };
    }),
  );
  if (isWhole) return current;
  const asked = new Set(current.map(({ service, check }) => `${service} ${check}`));
  const unasked = before.filter(
    ({ service, check }) => armed.includes(service) && !asked.has(`${service} ${check}`),
  );
  return [...current, ...unasked];
}

/** One of each name: two webhook subscriptions may be unknown at once. */
const byName = (checks: readonly Check[]): readonly Check[] => [
  ...new Map(checks.map((check) => [check.name, check])).values(),
];

/** Keeps in the ledger since when needed checks are unknown, and raises the alarm when that lasts. */
export function createUnknownChecks({
  ledger,
  clock,
  log,
}: {
  readonly ledger: Pick<Ledger, "unknownChecks" | "noteUnknownChecks">;
  readonly clock: Clock;
  readonly log: Log;
}) {
  const alarmed = new Set<string>();
  let isAnyUnknown = false;
  return {
    /** Whether to ask again by now what was asked last at `checkedAt`. */
    isDue: (checkedAt: number, now: number): boolean =>
      isAnyUnknown && now - checkedAt >= RECHECK_MS - 30_000,

    /** Notes what came of the checks. */
    async note(health: ArmedHealth, settings: Settings): Promise<void> {
      for (const { name, subject, sentence } of health.unknown)
        log({ severity: "WARNING", event: "check.unknown", check: name, subject, sentence });
      const before = await ledger.unknownChecks();
      const next = nextUnknown(before, health, { armed: armedServices(settings), now: clock.now() });
      isAnyUnknown = next.length > 0;
      if (JSON.stringify(next) !== JSON.stringify(before)) await ledger.noteUnknownChecks(next);
    },

    /** Armed services of which something has been unknown for too long: nothing of theirs may be held. Alarms once each. */
    async unreliable(settings: Settings): Promise<readonly string[]> {
      const armed = armedServices(settings);
      const noted = await ledger.unknownChecks();
      const own = noted.filter(({ service }) => armed.includes(service));
      // A service that is armed again begins anew.
      if (own.length < noted.length) await ledger.noteUnknownChecks(own);
      const lasting = tooLongUnknown(own, clock.now());
      for (const { service, check, sentence, since } of lasting) {
        const key = `${service} ${check} ${since}`;
        if (alarmed.has(key)) continue;
        alarmed.add(key);
        const minutes = Math.floor((clock.now() - since) / 60_000);
        log({ severity: "CRITICAL", event: "check.unreliable", service, check, minutes, sentence });
      }
      return [...new Set(lasting.map(({ service }) => service))];
    },
  };
}
