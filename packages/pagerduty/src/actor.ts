import type { Actor } from "@mrdata/incident";

/** Whose actions are the bot's own and whose are other programs', so that neither is taken for a person's. */
export type Identity = {
  /** PagerDuty id of the bot's user; null while it has none. */
  readonly botUser: string | null;
  /** PagerDuty ids of users that are programs: agents, synchronising tools. */
  readonly automationUsers?: readonly string[];
};

export type Agent = { readonly id?: string | null | undefined; readonly type?: string | null | undefined };

/**
 * Who acted, from a webhook's `event.agent`. A user reference is a person, but also every REST call made in a user's
 * name, so the bot and known agents are identified by id. Anything that is neither a user nor an integration is
 * automation: a service, a workflow, nobody. A service clearing its own incident is how the REST API reports a
 * monitor's clear; in a webhook it was never seen, and taking it for one would teach that the incident healed itself.
 * @example
 * ```ts
 * actorOf({ type: "user_reference", id: "PBOT" }, { botUser: "PBOT" }); // => "bot"
 * actorOf({ type: "user_reference", id: "PROBIN" }, { botUser: "PBOT" }); // => "human"
 * actorOf({ type: "user_reference", id: "PSRE" }, { botUser: "PBOT", automationUsers: ["PSRE"] }); // => "agent"
 * actorOf(null, { botUser: "PBOT" }); // => "automation"
 * ```
 */
export function actorOf(agent: Agent | null | undefined, { botUser, automationUsers = [] }: Identity): Actor {
  const type = agent?.type ?? "";
  if (type === "user_reference" || type === "user") {
    if (botUser !== null && agent?.id === botUser) return "bot";
    return agent?.id && automationUsers.includes(agent.id) ? "agent" : "human";
  }
  return /(^|_)integration_reference$/.test(type) ? "integration" : "automation";
}
