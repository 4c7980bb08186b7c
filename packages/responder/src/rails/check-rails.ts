import { allow, deny, type GuardRail } from "../circumstances.ts";
import { tooLongUnknown } from "../unknown-checks.ts";

/** Every ten minutes checks verify that people stand behind the bot. A check that stays unknown for too long denies holds. */
export const checks: GuardRail = {
  name: "checks",
  judge({ unknownChecks, now }) {
    if (unknownChecks === null)
      return deny("Whether the checks of this service were answered could not be read.");
    const [first] = tooLongUnknown(unknownChecks, now);
    if (first === undefined)
      return allow(
        unknownChecks.length === 0
          ? "No check of this service is unknown."
          : `The check ${unknownChecks[0]?.check} is unknown, and not for long yet.`,
      );
    const minutes = Math.floor((now - first.since) / 60_000);
    return deny(`The check ${first.check} has been unknown for ${minutes} minutes: ${first.sentence}`);
  },
};

export const checkRails: readonly GuardRail[] = [checks];
