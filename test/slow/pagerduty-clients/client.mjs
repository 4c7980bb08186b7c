// What a program of npm's `@pagerduty/pdjs` does with an account. Prints what it got as JSON.
import { api, event } from "@pagerduty/pdjs";

const [host, token] = process.argv.slice(2);
const pd = api({ token, server: host, headers: { from: "ben@example.com" } });
const data = async (answer) => (await answer).data;
const refused = async (asked) => {
  const { status, data } = await asked;
  return [status, data?.error?.code];
};

const sent = await data(
  event({
    server: host,
    data: {
      routing_key: "RPHIGH",
      event_action: "trigger",
      dedup_key: "d1",
      payload: { summary: "Disk is full", source: "db-1", severity: "critical" },
    },
  }),
);
const { incidents } = await data(pd.get("/incidents", { queryParameters: { "statuses[]": "triggered" } }));
const { incident: made } = await data(
  pd.post("/incidents", {
    data: {
      incident: {
        type: "incident",
        title: "By hand",
        service: { id: "PHIGH", type: "service_reference" },
        escalation_policy: { id: "POTHER", type: "escalation_policy_reference" },
        priority: { id: "PP1", type: "priority_reference" },
      },
    },
  }),
);
const { incident: changed } = await data(
  pd.put(`/incidents/${made.id}`, {
    data: {
      incident: {
        type: "incident_reference",
        assignments: [{ assignee: { id: "PBEN", type: "user_reference" } }],
      },
    },
  }),
);
const { log_entries: entries } = await data(pd.get(`/incidents/${made.id}/log_entries`));
const { log_entry: entry } = await data(
  api({ url: entries[0].self, token, queryParameters: { "include[]": "channels" } }),
);
const first = await pd.get("/users", { queryParameters: { limit: 2 } });
const second = await first.next();
process.stdout.write(
  `${JSON.stringify({
    sent: sent.status,
    monitored: incidents.map(({ title, incident_key }) => [title, incident_key]),
    opened: [made.escalation_policy.id, made.priority.id, made.assignments[0].assignee.id],
    assignees: changed.assignments.map(({ assignee }) => assignee.id),
    entry: entry.id === entries[0].id,
    users: [...first.data.users, ...second.data.users].map(({ id }) => id),
    teams: (await data(pd.get("/teams"))).teams,
    unknownIncident: await refused(pd.get("/incidents/QNOWHERE")),
    notPlayed: await refused(pd.get("/incidents", { queryParameters: { "team_ids[]": "PTEAM" } })),
  })}\n`,
);
