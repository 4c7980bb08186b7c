import { byRules, type GuardRail, passes, stops } from "../circumstances.ts";
import { problemsOfRails, type RailSettings } from "../rail-setting.ts";

const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** The settings were read, and so were those that guard rails have for themselves. */
export const settingsRead = (declared: RailSettings): GuardRail => ({
  name: "settings",
  judge: ({ settings }) => {
    if (settings === null) return stops("The settings could not be read.");
    const problems = problemsOfRails(settings.rails, declared);
    return problems.length === 0
      ? passes("The settings were read.")
      : stops(`Nothing is held by these settings: ${problems.join("; ")}.`);
  },
});

export const killSwitch: GuardRail = {
  name: "kill-switch",
  judge: byRules(({ disarmed }) =>
    disarmed === null
      ? passes("The bot is not disarmed.")
      : stops(`The bot is disarmed, by ${disarmed.who} at ${timeOf(disarmed.at)}: ${disarmed.why}.`),
  ),
};

/** Says what a decision to hold means in this mode; a hold of a service that is not armed keeps nobody's page back. */
export const mode: GuardRail = {
  name: "mode",
  judge: byRules(({ mode: of }) =>
    passes(
      of === "armed"
        ? "The service is armed."
        : `The service is in ${of}: the decision is recorded, and nobody's page waits for it.`,
    ),
  ),
};

/** Armed means: by the policy that was looked at when it was armed, and with the bot alone. */
export const policy: GuardRail = {
  name: "policy",
  judge: byRules(({ mode: of, policy: armedWith }, { escalationPolicy, waitsOnBot }) => {
    if (of !== "armed") return passes("No policy begins with the bot while the service is not armed.");
    if (escalationPolicy !== armedWith)
      return stops(
        `The incident came by the policy ${escalationPolicy ?? "(none named)"}, and the service is armed with ${armedWith}.`,
      );
    return waitsOnBot
      ? passes("The incident came by the armed policy and waits on the bot.")
      : stops("The incident does not wait on the bot alone.");
  }),
};

export const modeRails: readonly GuardRail[] = [killSwitch, mode, policy];
