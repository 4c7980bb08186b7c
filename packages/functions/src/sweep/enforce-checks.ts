import type { Check } from "@mrdata/doctor";
import { armedServices, disarmService, type Settings } from "@mrdata/platform";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import { BY_ITSELF } from "./by-itself.ts";
import { checksAreDue } from "./checks-due.ts";
import type { SweepContext } from "./context.ts";
import { nothingNoted } from "./unknown-checks.ts";

/**
 * A required check that fails disarms the services that it concerns; one that could not run disarms none. While
 * `isBusy`, the calls are left to pages for a while.
 */
export async function enforceChecks(
  context: SweepContext,
  settings: Settings,
  isBusy: boolean,
): Promise<void> {
  const { ledger, clock, checks, unknownChecks } = context;
  const now = clock.now();
  if (checks === null || armedServices(settings).length === 0) return;
  // A ledger that cannot be read prevents no check.
  const last = await ledger.lastChecks().catch(() => nothingNoted);
  if (!checksAreDue(last, { askedAt: context.checkedAt, now, isBusy })) return;
  const health = await checks(settings);
  const failing = [...health.failing].flatMap(([service, [check]]) =>
    check === undefined ? [] : [{ service, check }],
  );
  // Disarm first: that needs nothing from the notes.
  if (failing.length > 0) await disarmFailing(context, settings, failing, now);
  await unknownChecks.note(health, settings, now);
  // If noting failed, the next sweep runs the checks again.
  context.checkedAt = now;
}

async function disarmFailing(
  context: SweepContext,
  settings: Settings,
  failing: readonly { readonly service: string; readonly check: Check }[],
  now: number,
): Promise<void> {
  const { ledger, log } = context;
  await ledger.changeSettings((before) =>
    failing.reduce(
      (so, { service, check }) =>
        disarmService(so, service, { who: BY_ITSELF, at: now, why: failureSentence(check) }),
      before,
    ),
  );
  for (const { service, check } of failing) {
    const { name, sentence, fix } = check;
    log({ severity: "CRITICAL", event: "check.failed", service, check: name, sentence, fix });
  }
  const services = new Set(failing.map(({ service }) => service));
  await releaseLiveHolds(
    context,
    settings,
    ({ service }) => services.has(service),
    "A check that is needed failed, and the service was disarmed.",
  );
}

/** Nothing is held for services with a check that has been unknown for too long. */
export async function releaseUnreliable(context: SweepContext, settings: Settings): Promise<void> {
  // A bot configured without checks misses none.
  if (context.checks === null) return;
  const services = new Set(await context.unknownChecks.unreliable(settings));
  if (services.size === 0) return;
  await releaseLiveHolds(
    context,
    settings,
    ({ service }) => services.has(service),
    "A check that is needed could not be answered for 15 minutes.",
  );
}

const failureSentence = ({ name, sentence }: Check): string =>
  `the check ${name} failed. ${sentence.replace(/\.$/, "")}`;
