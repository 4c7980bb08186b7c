import { z } from "zod";
import { bulkChange } from "./bulk-change.ts";
import { addNote, setPriority, setTitle, setUrgency } from "./changes.ts";
import { refusals } from "./errors.ts";
import { assigneesOf, type By } from "./incident.ts";
import { alertShape, incidentShape, logEntryShape, noteShape } from "./incident-shapes.ts";
import { acknowledge, reopen, resolve, snooze, unacknowledge } from "./incidents.ts";
import { logEntryOf } from "./include.ts";
import { listIncidents } from "./list-incidents.ts";
import { listLogEntries } from "./list-log-entries.ts";
import { merge } from "./merge.ts";
import { openByRest } from "./open-by-rest.ts";
import { delegate, escalate, reassign } from "./ownership.ts";
import { personDueAt } from "./person-due.ts";
import { readBody } from "./read-body.ts";
import { oneOf, pageOf } from "./rest-query.ts";
import { get, type Route } from "./routes.ts";
import { incidentByNumberOrId, incidentOf, type World } from "./world.ts";

const reference = z.object({ id: z.string() });
const change = z.strictObject({
  type: z.string().optional(),
  status: z.enum(["triggered", "acknowledged", "resolved"]).optional(),
  title: z.string().optional(),
  urgency: z.enum(["high", "low"]).optional(),
  priority: reference.nullish(),
  escalation_level: z.number().int().optional(),
  escalation_policy: reference.optional(),
  assignments: z.array(z.object({ assignee: reference })).optional(),
  resolution: z.string().optional(),
});
type Change = z.infer<typeof change>;

const oneChange = z.object({ incident: change });
/** Each says that it is an incident (API reference, Manage Incidents). */
const identified = change.extend({ id: z.string(), type: z.enum(["incident", "incident_reference"]) });
const manyChanges = z.object({ incidents: z.array(identified).min(1) });
/** More are answered with 413 (API reference, Manage Incidents). */
const MAX_PER_CALL = 250;
/** go-pagerduty sends a `user` with every note, and says in the header whose it is: one who is named must be that one. */
const newNote = z.strictObject({
  note: z.strictObject({ content: z.string(), user: z.object({ id: z.string().optional() }).optional() }),
});
const snoozing = z.strictObject({ duration: z.number() });
const merging = z.strictObject({ source_incidents: z.array(reference) });

/** What goes with the incident first, whose it is next, and its status last. */
function apply(world: World, id: string, asked: Change, user: string, by: By): void {
  const incident = incidentOf(world, id);
  if (asked.assignments !== undefined && (asked.escalation_level ?? asked.escalation_policy) !== undefined)
    throw refusals.invalid("Assignments cannot go with an escalation policy or level");
  if (asked.title !== undefined) setTitle(world, id, asked.title);
  if (asked.priority !== undefined) setPriority(world, id, asked.priority?.id ?? null, by);
  if (asked.urgency !== undefined) setUrgency(world, id, asked.urgency, by);
  if (asked.assignments !== undefined)
    reassign(
      world,
      id,
      asked.assignments.map(({ assignee }) => assignee.id),
      by,
    );
  const due = personDueAt(world, incident);
  if (asked.escalation_policy !== undefined)
    delegate(world, id, asked.escalation_policy.id, by, asked.escalation_level);
  else if (asked.escalation_level !== undefined) escalate(world, id, asked.escalation_level, by);
  const moved = asked.escalation_policy !== undefined || asked.escalation_level !== undefined;
  if (moved && assigneesOf(incident).every((one) => world.directory.users.get(one)?.bot === true))
    world.noteRestart({ at: world.clock.now(), incident: id, user, personDueAt: due });
  if (asked.status === "acknowledged") acknowledge(world, id, user, by);
  if (asked.status === "resolved") resolve(world, id, by, asked.resolution ?? null);
  if (asked.status === "triggered") {
    if (incident.status === "resolved") reopen(world, incident, by);
    else unacknowledge(world, id, by);
  }
}

export const incidentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/incidents",
    handle: ({ world, query }) => ({
      body: pageOf(query, "incidents", listIncidents(world, query), (one) => incidentShape(world, one)),
    }),
  },
  {
    method: "POST",
    path: "/incidents",
    from: true,
    handle({ world, body, requester }) {
      const { by } = requester();
      const incident = openByRest(world, body, by);
      return { status: 201, body: { incident: incidentShape(world, incident) } };
    },
  },
  {
    method: "PUT",
    path: "/incidents",
    from: true,
    handle({ world, body, requester }) {
      const { user, by } = requester();
      const { incidents } = readBody(manyChanges, body);
      if (incidents.length > MAX_PER_CALL) throw refusals.tooLarge();
      const changed = bulkChange(world, incidents, (within, asked) =>
        apply(within, asked.id, asked, user, by),
      );
      return { body: { incidents: changed.map(({ id }) => incidentShape(world, incidentOf(world, id))) } };
    },
  },
  {
    method: "GET",
    path: "/incidents/:id",
    handle: ({ world, id }) => ({
      body: { incident: incidentShape(world, world.reader().one(incidentByNumberOrId(world, id))) },
    }),
  },
  {
    method: "PUT",
    path: "/incidents/:id",
    from: true,
    handle({ world, id, body, requester }) {
      const { user, by } = requester();
      // A body that asks for no change is taken: nothing that PagerDuty publishes says that it refuses one.
      apply(world, id, readBody(oneChange, body).incident, user, by);
      return { body: { incident: incidentShape(world, incidentOf(world, id)) } };
    },
  },
  {
    method: "PUT",
    path: "/incidents/:id/merge",
    from: true,
    handle({ world, id, body, requester }) {
      const sources = readBody(merging, body).source_incidents;
      merge(
        world,
        id,
        sources.map((source) => source.id),
        requester().by,
      );
      return { body: { incident: incidentShape(world, incidentOf(world, id)) } };
    },
  },
  {
    method: "POST",
    path: "/incidents/:id/snooze",
    from: true,
    handle({ world, id, body, requester }) {
      snooze(world, id, readBody(snoozing, body).duration, requester().by);
      return { status: 201, body: { incident: incidentShape(world, incidentOf(world, id)) } };
    },
  },
  {
    method: "GET",
    path: "/incidents/:id/notes",
    handle: ({ world, id }) => ({
      body: { notes: incidentOf(world, id).notes.map((note) => noteShape(world, note)) },
    }),
  },
  {
    method: "POST",
    path: "/incidents/:id/notes",
    from: true,
    handle({ world, id, body, requester }) {
      const { user, by } = requester();
      const asked = readBody(newNote, body).note;
      if (asked.user?.id !== undefined && asked.user.id !== user)
        throw refusals.invalid("A note of somebody else than the header From is not played here");
      const note = addNote(world, id, asked.content, user, by);
      return { status: 201, body: { note: noteShape(world, note) } };
    },
  },
  {
    method: "GET",
    path: "/incidents/:id/alerts",
    handle({ world, id, query }) {
      const incident = incidentOf(world, id);
      const wanted = oneOf(query, "statuses");
      const key = query.get("alert_key");
      const found = incident.alerts.filter(
        (alert) =>
          wanted(alert.resolvedAt === null ? "triggered" : "resolved") && (key === null || alert.key === key),
      );
      const alerts = query.get("sort_by") === "created_at:desc" ? found.toReversed() : found;
      return { body: pageOf(query, "alerts", alerts, (alert) => alertShape(world, incident, alert)) };
    },
  },
  {
    method: "GET",
    path: "/incidents/:id/log_entries",
    handle({ world, id, query }) {
      const entries = listLogEntries(world, query, [incidentOf(world, id)]);
      const withChannels = query.getAll("include[]").includes("channels");
      return {
        body: pageOf(query, "log_entries", entries, ({ incident, entry }) =>
          logEntryShape(world, incident, entry, withChannels),
        ),
      };
    },
  },
  get("/incidents/:id/alerts/:innerId", ({ world, id, innerId }) => {
    const incident = incidentOf(world, id);
    const alert = incident.alerts.find((one) => one.id === innerId);
    if (alert === undefined) throw refusals.notFound();
    return { alert: alertShape(world, incident, alert) };
  }),
  get("/log_entries/:id", ({ world, id, query }) => {
    const { incident, entry } = logEntryOf(world, id);
    const withChannels = query.getAll("include[]").includes("channels");
    return { log_entry: logEntryShape(world, incident, entry, withChannels) };
  }),
  {
    method: "GET",
    path: "/log_entries",
    handle({ world, query }) {
      const withChannels = query.getAll("include[]").includes("channels");
      return {
        body: pageOf(query, "log_entries", listLogEntries(world, query), ({ incident, entry }) =>
          logEntryShape(world, incident, entry, withChannels),
        ),
      };
    },
  },
];
