import type { IncidentEvent } from "@mrdata/incident";
import type { Answered, Send, SentRequest } from "@mrdata/pagerduty";
import type { Ledger } from "@mrdata/platform";
import type { Handler } from "@mrdata/runtime";
import type { Driven, Random } from "@mrdata/simulator";
import { BOT_USER } from "@mrdata/simulator";
import { z } from "zod";
import type { FunctionName } from "../simulation/simulated-bot.ts";

/**
 * One invariant (1 to 9) or one of the promises P1 to P5 (11 to 15) broken on purpose, by what stands between the bot
 * and its world: the run must notice.
 */
export type Break = {
  readonly invariant: number;
  readonly what: string;
  /** The fault under which it shows. */
  readonly under: string;
  readonly fetch?: (pagerduty: Send) => Send;
  readonly ledger?: (ledger: Ledger, episodeOf: Driven["episodeOf"]) => Ledger;
  readonly handler?: (name: FunctionName, handler: Handler, random: Random) => Handler;
};

const isPut = ({ method }: SentRequest): boolean => method === "PUT";

/** The same answer with another text: what is broken on purpose is the one thing that differs. */
const withText = ({ status, ok, headers }: Answered, text: string): Answered => ({
  status,
  ok,
  headers,
  text: async () => text,
});

export const breaks: readonly Break[] = [
  {
    invariant: 1,
    what: "with its note the bot acknowledges the incident",
    under: "none",
    fetch: (pagerduty) => async (url, request) => {
      const response = await pagerduty(url, request);
      const id = /incidents\/(\w+)\/notes$/.exec(url)?.[1];
      if (id !== undefined && request.method === "POST")
        await pagerduty(`http://pagerduty/incidents/${id}`, {
          ...request,
          method: "PUT",
          body: JSON.stringify({ incident: { type: "incident_reference", status: "acknowledged" } }),
        });
      return response;
    },
  },
  {
    invariant: 2,
    what: "a disarmed bot says that it pages, and does not",
    under: "disarmed",
    fetch: (pagerduty) => async (url, request) =>
      isPut(request) ? Response.json({}) : pagerduty(url, request),
  },
  {
    invariant: 3,
    what: "a hold counts though it was not stored",
    under: "none",
    ledger(ledger) {
      // Whoever believes that it is stored leaves its note, too.
      const believed = new Set<string>();
      return {
        ...ledger,
        async createPrediction(prediction) {
          if (prediction.holdUntil === null) return ledger.createPrediction(prediction);
          believed.add(prediction.incident);
          return true;
        },
        claimNote: async (incident, at, answerTo) =>
          believed.has(incident) || ledger.claimNote(incident, at, answerTo),
      };
    },
  },
  {
    invariant: 4,
    what: "whatever PagerDuty says, the incident is read as waiting on the bot",
    under: "slow-30s",
    fetch: (pagerduty) => async (url, request) => {
      const response = await pagerduty(url, request);
      if (isPut(request) || !/incidents\/\w+$/.test(url) || !response.ok) return response;
      const answer: unknown = JSON.parse(await response.text());
      const incident =
        typeof answer === "object" && answer !== null && "incident" in answer ? answer.incident : {};
      return Response.json({
        incident: {
          ...(typeof incident === "object" ? incident : {}),
          status: "triggered",
          assigned_via: "escalation_policy",
          assignments: [
            { at: new Date(0).toISOString(), assignee: { id: BOT_USER, type: "user_reference" } },
          ],
        },
      });
    },
  },
  {
    invariant: 5,
    what: "what comes back to the bot is held again",
    under: "none",
    // The sweep must not see by PagerDuty's own times that it was elsewhere.
    fetch: (pagerduty) => async (url, request) => {
      const response = await pagerduty(url, request);
      if (!url.includes("/incidents?")) return response;
      const text = (await response.text()).replaceAll(/"at":"[^"]*"/g, '"at":null');
      return withText(response, text);
    },
    handler: (name, handler) => async (request) => {
      if (name !== "respond") return handler(request);
      const body = await request.bytes();
      const { message } = JSON.parse(new TextDecoder().decode(body));
      const text = Buffer.from(message.data, "base64").toString();
      if (/"event_type":"incident\.(reopened|unacknowledged|delegated|escalated)"/.test(text))
        return new Response(null, { status: 204 });
      return handler(new Request("http://function/", { method: "POST", body }));
    },
    ledger: (ledger) => ({
      ...ledger,
      prediction: async (incident) => {
        const prediction = await ledger.prediction(incident);
        if (prediction === null) return null;
        const { ended: _, ...rest } = prediction;
        const taken = { ...rest.taken, action: "none" as const };
        return { ...rest, taken, decision: "hold", holdUntil: Number.MAX_SAFE_INTEGER };
      },
    }),
  },
  {
    invariant: 6,
    what: "an event that is delivered twice is recorded twice",
    under: "bus-disorder",
    ledger(ledger) {
      let deliveries = 0;
      return {
        ...ledger,
        recordEvent: (event, rules) =>
          ledger.recordEvent({ ...event, id: `${event.id}.${++deliveries}` }, rules),
      };
    },
  },
  {
    invariant: 7,
    what: "track records are served one reading late, under the versions of now",
    under: "none",
    ledger(ledger) {
      const last = new Map<string, Awaited<ReturnType<Ledger["recordsBeside"]>>["records"]>();
      return {
        ...ledger,
        async recordsBeside(event, of) {
          const { records: read, own } = await ledger.recordsBeside(event, of);
          const key = JSON.stringify(of.subjects);
          const before = last.get(key) ?? read;
          last.set(key, read);
          const late = read.map((one, i) => ({ ...one, records: before[i]?.records ?? one.records }));
          return { records: late, own };
        },
      };
    },
  },
  {
    invariant: 8,
    what: "how an incident will end is recorded when it opens",
    under: "none",
    ledger: (ledger, episodeOf) => ({
      ...ledger,
      async recordEvent(event, rules) {
        const recorded = await ledger.recordEvent(event, rules);
        const clearsAt = episodeOf(event.incident)?.clearsAt ?? null;
        if (event.type === "triggered" && clearsAt !== null)
          await ledger.recordEvent(foreseen(event, clearsAt), rules);
        return recorded;
      },
    }),
  },
  {
    invariant: 9,
    what: "one message in a hundred is acknowledged and thrown away",
    under: "none",
    handler: (name, handler, random) => async (request) =>
      name === "record" && random.chance(0.01) ? new Response(null, { status: 204 }) : handler(request),
  },
  {
    invariant: 11,
    what: "P1: of a few incidents no person is told: the bot escalates them to itself twice a minute, and believes that it paged",
    under: "none",
    fetch: (pagerduty) => async (url, request) => {
      if (isPut(request)) return exceptFew(pagerduty, url, request, async () => {});
      const response = await pagerduty(url, request);
      if (!url.includes("/incidents?") || !response.ok) return response;
      const text = await response.text();
      for (const { id } of bulk.parse(JSON.parse(text)).incidents)
        if (isOneOfFew(id)) await pagerduty(`http://pagerduty/incidents/${id}`, escalationTo(1, request));
      return withText(response, text);
    },
  },
  {
    invariant: 12,
    what: "P2: in a storm every page is left to the window's end",
    under: "storm-500",
    fetch: (pagerduty) => async (url, request) =>
      isPut(request) ? Response.json({}) : pagerduty(url, request),
  },
  {
    invariant: 13,
    what: "P3: a few incidents the bot escalates to its own level, whatever was asked for, and the timer starts anew",
    under: "none",
    fetch: (pagerduty) => async (url, request) =>
      isPut(request)
        ? exceptFew(pagerduty, url, request, async (id) => {
            await pagerduty(`http://pagerduty/incidents/${id}`, escalationTo(1, request));
          })
        : pagerduty(url, request),
  },
  {
    invariant: 14,
    what: "P4: a note that says 'mrdata: disarm' is thrown away, and read nowhere",
    under: "none",
    fetch: (pagerduty) => async (url, request) => {
      const response = await pagerduty(url, request);
      if (request.method !== "GET") return response;
      const text = (await response.text()).replaceAll("mrdata: disarm", "looking at it");
      return withText(response, text);
    },
    handler: (name, handler) => async (request) => {
      if (name === "sweep" || name === "receive") return handler(request);
      const body = await request.bytes();
      const { message } = envelope.parse(JSON.parse(new TextDecoder().decode(body)));
      if (Buffer.from(message.data, "base64").toString().includes("mrdata: disarm"))
        return new Response(null, { status: 204 });
      return handler(new Request("http://function/", { method: "POST", body }));
    },
  },
  {
    invariant: 15,
    what: "P5: whatever the checks could not ask is taken to be answered",
    under: "rest-hangs",
    ledger: (ledger) => ({
      ...ledger,
      lastChecks: async () => ({ answeredAt: Number.MAX_SAFE_INTEGER, unknown: [] }),
    }),
  },
];

const envelope = z.object({ message: z.object({ data: z.string() }) });
const changes = z.object({ incidents: z.array(z.looseObject({ id: z.string() })) });
const bulk = z.object({ incidents: z.array(z.object({ id: z.string() })) });

/** One in eight, by its id: all of them would wait for ever, and make a run that lasts as long. */
const isOneOfFew = (id: string): boolean => "ABCD".includes(id.at(-1) ?? "");

/** What of the change concerns other incidents is made; for each of the few the work is done in its place, and the bot is told that all is well. */
async function exceptFew(
  pagerduty: Send,
  url: string,
  request: SentRequest,
  instead: (id: string) => Promise<void>,
): ReturnType<Send> {
  const one = /incidents\/(\w+)$/.exec(url)?.[1];
  if (one !== undefined) {
    if (!isOneOfFew(one)) return pagerduty(url, request);
    await instead(one);
    return Response.json({});
  }
  const asked = changes.safeParse(JSON.parse(request.body ?? "{}"));
  if (!asked.success) return pagerduty(url, request);
  const { incidents } = asked.data;
  for (const { id } of incidents) if (isOneOfFew(id)) await instead(id);
  const rest = incidents.filter(({ id }) => !isOneOfFew(id));
  if (rest.length === 0) return Response.json({ incidents: [] });
  return pagerduty(url, { ...request, body: JSON.stringify({ incidents: rest }) });
}

const escalationTo = (level: number, request: SentRequest): SentRequest => ({
  ...request,
  method: "PUT",
  headers: { ...request.headers, "content-type": "application/json", from: "mrdata@example.com" },
  body: JSON.stringify({ incident: { type: "incident_reference", escalation_level: level } }),
});

const foreseen = (event: IncidentEvent, clearsAt: number): IncidentEvent => ({
  ...event,
  id: `${event.id}.foreseen`,
  type: "resolved",
  occurredAt: clearsAt,
  snapshot: event.snapshot === null ? null : { ...event.snapshot, status: "resolved" },
});

/** `1` to `9` for an invariant, `P1` to `P5` for a promise. */
export const nameOfBreak = ({ invariant }: Pick<Break, "invariant">): string =>
  invariant > 10 ? `P${invariant - 10}` : String(invariant);
