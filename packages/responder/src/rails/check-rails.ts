import { type GuardRail, passes, stops } from "../circumstances.ts";
import { tooLongUnknown } from "../unknown-checks.ts";

/** That people stand behind the bot is looked at every ten minutes. What is not known for longer is not relied on. */
export const checks: GuardRail = {
  name: "checks",
  judge({ unknownChecks, now }) {
    if (unknownChecks === null)
      return stops("Whether the checks of this service were answered could not be read.");
    const [first] = tooLongUnknown(unknownChecks, now);
    if (first === undefined)
      return passes(
        unknownChecks.length === 0
          ? "No check of this service is unknown."
          : `The check ${unknownChecks[0]?.check} is unknown, and not for long yet.`,
      );
    const minutes = Math.floor((now - first.since) / 60_000);
    return stops(`The check ${first.check} has been unknown for ${minutes} minutes: ${first.sentence}`);
  },
};

export const checkRails: readonly GuardRail[] = [checks];
