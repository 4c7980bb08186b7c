import { allow, byRules, deny, type GuardRail } from "../circumstances.ts";
import { problemsOfRails, type RailSettings } from "../rail-setting.ts";

const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Denies while the settings, or those that guard rails declare, cannot be read. */
export const settingsRead = (declared: RailSettings): GuardRail => ({
  name: "settings",
  judge: ({ settings }) => {
    if (settings === null) return deny("The settings could not be read.");
    const problems = problemsOfRails(settings.rails, declared);
    return problems.length === 0
      ? allow("The settings were read.")
      : deny(`Nothing is held by these settings: ${problems.join("; ")}.`);
  },
});

const killSwitch: GuardRail = {
  name: "kill-switch",
  judge: byRules(({ disarmed }) =>
    disarmed === null
      ? allow("The bot is not disarmed.")
      : deny(`The bot is disarmed, by ${disarmed.who} at ${timeOf(disarmed.at)}: ${disarmed.why}.`),
  ),
};

/** Never denies; explains what a hold means in this mode: on a service that is not armed it delays nobody's page. */
export const mode: GuardRail = {
  name: "mode",
  judge: byRules(({ mode: of }) =>
    allow(
      of === "armed"
        ? "The service is armed."
        : `The service is in ${of}: the decision is recorded, and nobody's page waits for it.`,
    ),
  ),
};

/** Armed means: through the escalation policy that was checked when it was armed, and waiting on the bot alone. */
export const policy: GuardRail = {
  name: "policy",
  judge: byRules(({ mode: of, policy: armedWith }, { escalationPolicy, waitsOnBot }) => {
    if (of !== "armed") return allow("No policy begins with the bot while the service is not armed.");
    if (escalationPolicy !== armedWith)
      return deny(
        `The incident came by the policy ${escalationPolicy ?? "(none named)"}, and the service is armed with ${armedWith}.`,
      );
    return waitsOnBot
      ? allow("The incident came by the armed policy and waits on the bot.")
      : deny("The incident does not wait on the bot alone.");
  }),
};

export const modeRails: readonly GuardRail[] = [killSwitch, mode, policy];
