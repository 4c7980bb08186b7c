import { ACCOUNT_TOKEN } from "@mrdata/simulator";
import { shellQuoted } from "../shell-quoted.ts";
import type { Terminal } from "../terminal.ts";
import { type Candidate, PREPARED_POLICY } from "./rehearsed-account.ts";

export type Steps = {
  readonly home: string;
  /** The address of the simulated PagerDuty. */
  readonly url: string;
  readonly candidate: Candidate;
  readonly terminal: Pick<Terminal, "bold">;
};

/** The commands to type in another shell, in the order of docs/operations.md. Each works as printed. */
export function stepsOf({ home, url, candidate, terminal: { bold } }: Steps): readonly string[] {
  const { service, name, title, opened, cleared } = candidate;
  const mrdata = (command: string) => `  mrdata ${command} --home ${shellQuoted(home)}`;
  const json = "-H 'Content-Type: application/json'";
  const putOn = JSON.stringify({
    service: { escalation_policy: { id: PREPARED_POLICY, type: "escalation_policy_reference" } },
  });
  const alarm = JSON.stringify({
    routing_key: `R${service}`,
    event_action: "trigger",
    dedup_key: "by-hand",
    payload: { summary: title, source: "by hand", severity: "error" },
  });
  const clear = JSON.stringify({
    routing_key: `R${service}`,
    event_action: "resolve",
    dedup_key: "by-hand",
  });
  return [
    "",
    bold("A made-up PagerDuty is up, and Mr Data listens to it."),
    `  PagerDuty  ${url} (REST and Events API)`,
    `  home       ${home}`,
    "",
    bold("In another shell, from shadow to armed:"),
    "",
    mrdata(`doctor --service ${service} --policy ${PREPARED_POLICY}`),
    mrdata(`arm ${service} --policy ${PREPARED_POLICY} --why 'a rehearsal' --confirm ${shellQuoted(name)}`),
    "",
    "then put the policy on the service, as a person does:",
    "",
    `  curl -sS -X PUT ${url}/services/${service} -H 'Authorization: Token token=${ACCOUNT_TOKEN}' ${json} -d ${shellQuoted(putOn)}`,
    "",
    "does a page still reach people, and after how long?",
    "",
    mrdata(`drill ${service} --confirm ${shellQuoted(name)}`),
    "",
    `an alarm that cleared by itself ${cleared} of ${opened} times in the past, what is held then, and the alarm's end:`,
    "",
    `  curl -sS ${url}/v2/enqueue ${json} -d ${shellQuoted(alarm)}`,
    mrdata("status"),
    `  curl -sS ${url}/v2/enqueue ${json} -d ${shellQuoted(clear)}`,
    "",
    "what was decided, and off again:",
    "",
    mrdata("decisions --since 1h"),
    mrdata("disarm --all --why 'it is 3 am'"),
    "",
    bold("What happens, as it happens (Ctrl-C ends it):"),
  ];
}
