import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ClientOptions } from "./request.ts";
import { createPagerDuty } from "./rest-client.ts";
import type { ClientClock } from "./retry.ts";

const TOKEN = "a-token-that-nobody-may-see";

/** Waits take no time and are noted; a wait that may be aborted (a timeout) is real and short. */
function fastClock() {
  const waits: number[] = [];
  let time = 1_000_000;
  const clock: ClientClock = {
    now: () => time,
    sleep: (milliseconds, signal) => {
      if (signal === undefined) {
        waits.push(milliseconds);
        time += milliseconds;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => {
            time += milliseconds;
            resolve();
          },
          Math.min(milliseconds, 1_000),
        );
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
    },
  };
  return { clock, waits };
}

type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
};
type Answer = (response: ServerResponse, seen: Seen) => void;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
const notes = json(200, { notes: [] });

/** A server that gives these answers one after the other, the last one for ever, and a client of it. */
async function start(answers: readonly Answer[], options: Partial<ClientOptions> = {}) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const one = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    seen.push(one);
    (answers[Math.min(seen.length, answers.length) - 1] ?? notes)(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const { clock, waits } = fastClock();
  const client = createPagerDuty({
    auth: { kind: "token", token: async () => TOKEN },
    from: "mrdata@example.com",
    baseUrl,
    clock,
    random: () => 0.5,
    ...options,
  });
  return { client, seen, waits, baseUrl };
}

describe("a request", () => {
  test("names the client, its version, and for changes the user", async () => {
    const { client, seen } = await start([notes, json(200, { incident: {} })]);
    await client.listNotes("P1");
    await client.moveIncident("P1", { kind: "level", level: 2 });
    expect(seen[0]).toMatchObject({
      method: "GET",
      url: "/incidents/P1/notes",
      headers: {
        authorization: `Token token=${TOKEN}`,
        accept: "application/vnd.pagerduty+json;version=2",
      },
    });
    expect(seen[0]?.headers.from).toBeUndefined();
    expect(seen[1]).toMatchObject({
      method: "PUT",
      headers: { from: "mrdata@example.com", "content-type": "application/json" },
    });
    expect(JSON.parse(seen[1]?.body ?? "")).toEqual({
      incident: { type: "incident_reference", escalation_level: 2 },
    });
  });

  test("goes to the region's address, or to the one that is set", async () => {
    const asked: string[] = [];
    const options = (more: Partial<ClientOptions>): ClientOptions => ({
      auth: { kind: "token", token: async () => TOKEN },
      from: null,
      clock: fastClock().clock,
      fetch: async (input) => {
        asked.push(String(input));
        return Response.json({ notes: [] });
      },
      ...more,
    });
    await createPagerDuty(options({})).listNotes("P1");
    await createPagerDuty(options({ region: "eu" })).listNotes("P1");
    await createPagerDuty(options({ region: "eu", baseUrl: "https://gateway.example/pd/" })).listNotes("P1");
    expect(asked).toEqual([
      "https://api.pagerduty.com/incidents/P1/notes",
      "https://api.eu.pagerduty.com/incidents/P1/notes",
      "https://gateway.example/pd/incidents/P1/notes",
    ]);
  });

  test("never lets an id reach another path", async () => {
    const { client, seen, waits } = await start([notes]);
    await client.listNotes("P1/../../users?x=1#y");
    expect(seen[0]?.url).toBe("/incidents/P1%2F..%2F..%2Fusers%3Fx%3D1%23y/notes");
    for (const id of ["..", ".", ""])
      await expect(client.listNotes(id)).rejects.toThrow("cannot be a PagerDuty id");
    expect(seen).toHaveLength(1);
    expect(waits).toEqual([]);
  });
});

describe("a retry", () => {
  test("of a 429 waits as long as `ratelimit-reset` says, with jitter on top", async () => {
    const limited = json(
      429,
      { error: { code: 2020, message: "Rate Limit Exceeded" } },
      { "ratelimit-reset": "7" },
    );
    const { client, seen, waits } = await start([limited, notes]);
    await client.listNotes("P1");
    expect(seen).toHaveLength(2);
    expect(waits).toEqual([7_125]);
  });

  test("of a 5xx backs off, a little longer each time, and gives up after the last try", async () => {
    const { client, seen, waits } = await start([json(503, { error: { message: "Unavailable" } })]);
    await expect(client.listNotes("P1")).rejects.toMatchObject({ name: "PagerDutyError", status: 503 });
    expect(seen).toHaveLength(4);
    expect(waits).toEqual([250, 500, 1_000]);
  });

  test("starts only if it could end before the deadline", async () => {
    const limited = json(429, {}, { "ratelimit-reset": "55" });
    const { client, seen, waits } = await start([limited, notes]);
    await expect(client.listNotes("P1")).rejects.toMatchObject({ status: 429 });
    expect(seen).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test("is not made after another refusal, whose code and message are reported", async () => {
    const refused = json(400, {
      error: { code: 1015, message: "Nobody is on call", errors: ["level 2 is empty"] },
    });
    const { client, seen } = await start([refused]);
    await expect(client.moveIncident("P1", { kind: "level", level: 2 })).rejects.toMatchObject({
      status: 400,
      code: 1015,
      message: expect.stringContaining("Nobody is on call; level 2 is empty"),
    });
    expect(seen).toHaveLength(1);
  });

  test("is made when no answer arrives in time, and when the connection breaks", async () => {
    const hang: Answer = () => {};
    const breakOff: Answer = (response) => void response.destroy();
    const { client, seen } = await start([hang, breakOff, notes], { timeout: 150 });
    expect(await client.listNotes("P1")).toEqual([]);
    expect(seen).toHaveLength(3);
  });

  test("is made when the answer stops in the middle", async () => {
    const half: Answer = (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write('{"notes":');
      setTimeout(() => response.destroy(), 20);
    };
    const { client, seen } = await start([half, notes]);
    expect(await client.listNotes("P1")).toEqual([]);
    expect(seen).toHaveLength(2);
  });

  test("of a change is checked first, and a no cancels it", async () => {
    const { client, seen } = await start([json(500, {}), json(500, {}), json(200, { incident: {} })]);
    const asked: number[] = [];
    await client.addNote("P1", "looking", {
      beforeRetry: async () => {
        asked.push(seen.length);
        return seen.length < 2;
      },
    });
    expect(asked).toEqual([1, 2]);
    expect(seen).toHaveLength(2);
  });

  test("nobody listening: the error says so and does not contain the key", async () => {
    const { clock } = fastClock();
    const client = createPagerDuty({
      auth: { kind: "token", token: async () => TOKEN },
      from: null,
      baseUrl: "http://127.0.0.1:1",
      clock,
    });
    const failed = await client.getIncident("P1").catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: "PagerDutyError", status: 0 });
    expect(String(failed)).toContain("PagerDuty did not answer GET /incidents/P1");
    expect(JSON.stringify(failed) + String(failed)).not.toContain(TOKEN);
  });
});

describe("an answer", () => {
  test("that is not JSON, or has another shape, is an error that says where", async () => {
    const page: Answer = (response) => void response.writeHead(200).end("<html>");
    const { client } = await start([page, json(200, { incident: { id: "P1" } })]);
    await expect(client.getIncident("P1")).rejects.toThrow("the answer is not JSON");
    await expect(client.getIncident("P1")).rejects.toThrow("unexpected answer: incident.status");
  });

  test("comes page by page, up to the wall of 10,000", async () => {
    const incident = { id: "P1", status: "triggered", urgency: "high" };
    const { client, seen } = await start([json(200, { incidents: [incident], more: true })]);
    let count = 0;
    for await (const { id } of client.listIncidents({ statuses: ["triggered"] })) {
      expect(id).toBe("P1");
      count++;
    }
    expect(count).toBe(100);
    const last = new URL(`http://x${seen.at(-1)?.url}`).searchParams;
    expect(Number(last.get("offset")) + Number(last.get("limit"))).toBe(10_000);
    expect(last.getAll("statuses[]")).toEqual(["triggered"]);
    // What PagerDuty takes for a `since` without an `until` is not documented: both are sent, or neither.
    expect([last.get("since"), last.get("until"), last.get("date_range")]).toEqual([null, null, "all"]);
  });

  test("is requested between two times by both of them", async () => {
    const { client, seen } = await start([json(200, { incidents: [], more: false })]);
    const between = { since: 0, until: 60_000 };
    for await (const _ of client.listIncidents({ between })) expect.unreachable();
    const query = new URL(`http://x${seen[0]?.url}`).searchParams;
    expect([query.get("since"), query.get("until"), query.get("date_range")]).toEqual([
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T00:01:00.000Z",
      null,
    ]);
  });
});

describe("scoped OAuth", () => {
  const oauth = (identityUrl: string): ClientOptions["auth"] => ({
    kind: "oauth",
    clientId: "client",
    clientSecret: async () => "a-client-secret",
    scopes: ["incidents.read", "incidents.write"],
    region: "eu",
    subdomain: "acme",
    identityUrl,
  });

  test("requests a token once, renews it before it expires, and once more when it is refused", async () => {
    let token = 0;
    const issue: Answer = (response, { body }) => {
      expect(new URLSearchParams(body).get("scope")).toBe(
        "as_account-eu.acme incidents.read incidents.write",
      );
      token += 1;
      json(200, { access_token: `token-${token}`, expires_in: 100 })(response, {
        method: "",
        url: "",
        headers: {},
        body: "",
      });
    };
    const identity = await start([issue]);
    const { clock } = fastClock();
    const api = await start([notes, notes, json(401, {}), notes], {
      auth: oauth(`${identity.baseUrl}/oauth/token`),
      clock,
    });
    await api.client.listNotes("P1");
    await api.client.listNotes("P1");
    expect(identity.seen).toHaveLength(1);
    await api.client.listNotes("P1");
    expect(identity.seen).toHaveLength(2);
    // A minute before the end it is over.
    await clock.sleep(41_000);
    await api.client.listNotes("P1");
    expect(identity.seen).toHaveLength(3);
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer token-1",
      "Bearer token-1",
      "Bearer token-1",
      "Bearer token-2",
      "Bearer token-3",
    ]);
  });

  test("the retry of a change with another token is checked first, too", async () => {
    const identity = await start([json(200, { access_token: "t", expires_in: 3_600 })]);
    const api = await start([json(401, {}), notes], { auth: oauth(`${identity.baseUrl}/oauth/token`) });
    let asked = 0;
    await api.client.addNote("P1", "looking", {
      beforeRetry: async () => {
        asked++;
        return false;
      },
    });
    expect(asked).toBe(1);
    expect(api.seen).toHaveLength(1);
  });

  test("permanently refused, the error contains the status and not the secret", async () => {
    const identity = await start([json(401, { error: "bad a-client-secret" })]);
    const api = await start([notes], { auth: oauth(`${identity.baseUrl}/oauth/token`) });
    const failed = await api.client.listNotes("P1").catch((error: unknown) => error);
    expect(String(failed)).toContain("401");
    expect(String(failed)).not.toContain("a-client-secret");
    expect(api.seen).toHaveLength(0);
  });

  test("an identity server that fails briefly is retried", async () => {
    const identity = await start([json(503, {}), json(200, { access_token: "t", expires_in: 3_600 })]);
    const api = await start([notes], { auth: oauth(`${identity.baseUrl}/oauth/token`) });
    expect(await api.client.listNotes("P1")).toEqual([]);
    expect(identity.seen).toHaveLength(2);
  });
});
