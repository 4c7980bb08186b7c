import type { Check } from "@mrdata/doctor";
import { armedServices, disarmService, type Settings } from "@mrdata/platform";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import { BY_ITSELF } from "./by-itself.ts";
import type { SweepContext } from "./context.ts";

const MINUTE = 60_000;
/** How often the checks run. */
const CHECK_MINUTES = 15;

/** A needed check that fails disarms the services that it concerns; one that could not be made disarms nobody. */
export async function enforceChecks(context: SweepContext, settings: Settings): Promise<void> {
  const { ledger, clock, log, checks, unknownChecks } = context;
  const now = clock.now();
  if (checks === null || armedServices(settings).length === 0 || !checksAreDue(context, now)) return;
  context.checkedAt = now;
  const health = await checks(settings);
  await unknownChecks.note(health, settings);
  const failing = [...health.failing].flatMap(([service, [check]]) =>
    check === undefined ? [] : [{ service, check }],
  );
  if (failing.length === 0) return;
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

/** Of services of which something has been unknown for too long nothing is held. */
export async function releaseUnreliable(context: SweepContext, settings: Settings): Promise<void> {
  const services = new Set(await context.unknownChecks.unreliable(settings));
  if (services.size === 0) return;
  await releaseLiveHolds(
    context,
    settings,
    ({ service }) => services.has(service),
    "A check that is needed could not be answered for 15 minutes.",
  );
}

const checksAreDue = ({ checkedAt, unknownChecks }: SweepContext, now: number): boolean =>
  checkedAt === null
    ? Math.floor(now / MINUTE) % CHECK_MINUTES === 0
    : now - checkedAt >= CHECK_MINUTES * MINUTE - MINUTE / 2 || unknownChecks.isDue(checkedAt, now);

const failureSentence = ({ name, sentence }: Check): string =>
  `the check ${name} failed. ${sentence.replace(/\.$/, "")}`;
