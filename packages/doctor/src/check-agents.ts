import { type AgentEvidence, findAgents, type PastIncident, timerStopsOf } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";
import type { CheckOptions, CheckPorts } from "./check-ports.ts";
import { type Check, failed, ok, unknown } from "./safety/index.ts";

const name = "agents" as const;

/**
 * Programs that act under user accounts: a proposal for each one that the history reveals and the configuration does not name, and for each
 * service whether such an account stops PagerDuty's escalation timer. `windowMs`: the model's hold window.
 */
export async function checkAgents(
  { history: read }: Pick<CheckPorts, "history">,
  { armed, bot, automations }: Pick<CheckOptions, "armed" | "bot" | "automations">,
  windowMs: number,
): Promise<readonly Check[]> {
  if (read === null) return [];
  let history: readonly PastIncident[];
  try {
    history = await read();
  } catch (error) {
    return [
      unknown(
        { name },
        `Whether programs act on incidents could not be found out: ${reasonOf(error)}.`,
        "Run the checks again.",
      ),
    ];
  }
  const proposed = findAgents(history).filter(({ user }) => user !== bot && !automations.includes(user));
  const accounts = [...automations, ...proposed.map(({ user }) => user)];
  return [
    ...armed.map(({ service }) =>
      timerCheck(service, timerStopsOf(history, { service, windowMs, accounts })),
    ),
    ...proposed.map((evidence) => proposal(evidence, automations)),
    ...(proposed.length === 0
      ? [
          ok(
            { name, needed: false },
            "No user's account behaves as a program does, but those that are named.",
          ),
        ]
      : []),
  ];
}

function timerCheck(service: string, stops: ReadonlyMap<string, number>): Check {
  const about = { name, subject: service };
  if (stops.size === 0)
    return ok(about, `No program took an incident of ${service} within the window in the last 30 days.`);
  const who = [...stops].map(([user, count]) => `${user} ${count}`).join(", ");
  return failed(
    about,
    `Programs acknowledge or reassign incidents of ${service} within the window (in the last 30 days: ${who}): that stops PagerDuty's timer before a person is notified.`,
    `Take these accounts' agents off ${service}, or let them only write notes; or leave ${service} as it is.`,
  );
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Only proposed: nothing changes until a person adds the account to the configuration. */
function proposal(evidence: AgentEvidence, automations: readonly string[]): Check {
  const { user, actedOn, opened, medianDelayMs, quickShare, actions } = evidence;
  const did = actions.map(({ type, count }) => `${type} ${count}`).join(", ");
  const named = [...automations, user].join(",");
  return failed(
    { name, subject: user, needed: false },
    `The account ${user} may be a program's: in the last 30 days it acted on ${actedOn} of ${opened} incidents of its services, on ${percent(quickShare)} of them within two minutes (half within ${Math.round(medianDelayMs / 1000)} s), at all hours of the day; first ${did}.`,
    `Look at it in PagerDuty. If it is a program, name it: MRDATA_AUTOMATION_USERS=${named}. Its acts are then an agent's, and none is taken for a person's.`,
  );
}
