import type { Send } from "@mrdata/pagerduty";
import type { RestFault } from "@mrdata/simulator";
import type { Fault, Stage } from "../faults.ts";
import { againAndAgain } from "./again-and-again.ts";
import { long, MINUTE, SECOND } from "./durations.ts";

const failing = (name: string, what: string, begin: Fault["begin"]): Fault => ({
  name,
  what,
  pages: false,
  takes: "bot",
  ...long,
  begin,
});

/** The fault that is drawn, and word of it where escalation policies cannot be read meanwhile. */
function failingReads({ simulation: { pagerduty, clock }, unreadable }: Stage, fault: RestFault): () => void {
  const { kind, probability, endpoint = null } = fault;
  const remove = pagerduty.faults.add(fault);
  const blind = { from: clock.now(), to: Number.POSITIVE_INFINITY };
  const isPolicies = endpoint === null || endpoint.path.startsWith("/escalation_policies");
  if (probability === 1 && kind !== "applied-not-answered" && isPolicies) unreadable.push(blind);
  return () => {
    remove();
    blind.to = clock.now();
  };
}

/** Each of these may be the only one that fails. */
const endpoints = [
  ["GET", "/escalation_policies/:id"],
  ["GET", "/incidents"],
  ["GET", "/incidents/:id"],
  ["GET", "/incidents/:id/log_entries"],
  ["GET", "/incidents/:id/notes"],
  ["POST", "/incidents/:id/notes"],
  ["PUT", "/incidents"],
  ["PUT", "/incidents/:id"],
] as const;
const refusals = ["500", "403", "404"] as const satisfies readonly RestFault["kind"][];

const READ_LAG = 4 * SECOND;
/** How much later a proxy sends again what was not answered. */
const REPEATED_AFTER = [100, 1_500] as const;

/** What is wrong between the bot and PagerDuty's REST API. */
export const restFaults: readonly Fault[] = [
  failing("rest-429", "PagerDuty says 429 to some of the requests, or to all", (stage) =>
    failingReads(stage, { kind: "429", probability: stage.random.pick([0.3, 0.7, 1]) }),
  ),
  failing("rest-500", "PagerDuty says 500 to some of the requests, or to all", (stage) =>
    failingReads(stage, { kind: "500", probability: stage.random.pick([0.3, 0.7, 1]) }),
  ),
  failing("rest-hangs", "requests are never answered, some of them after they were done", (stage) => {
    const { layers, random } = stage;
    const kind = random.pick(["hang", "applied-not-answered", "applied-then-hangs"] as const);
    if (kind !== "applied-then-hangs")
      return failingReads(stage, { kind, probability: kind === "hang" ? random.pick([0.5, 1]) : 0.5 });
    return layers.rest.add((next) => async (url, request) => {
      const response = await next(url, request);
      return request.method !== "GET" && random.chance(0.5) ? hangUntilAborted(request.signal) : response;
    });
  }),
  {
    name: "applied-and-repeated",
    what: "changes are made and not answered, and what lies between sends them again by itself",
    pages: true,
    takes: null,
    // On its way there and back it takes its time too, and two functions may have looked two seconds before.
    lag: REPEATED_AFTER[1] + 2_500,
    ...long,
    begin: ({ layers, random }) =>
      layers.rest.add(
        (next, clock): Send =>
          async (url, request) => {
            const response = await next(url, request);
            if (request.method !== "PUT" || !random.chance(0.5)) return response;
            // The answer is lost on the way. Some proxies try again, and their second answer arrives or does not.
            await clock.sleep(random.whole(...REPEATED_AFTER));
            const again = await next(url, request);
            if (random.chance(0.5)) return again;
            throw new TypeError("fetch failed", { cause: new Error("other side closed") });
          },
      ),
  },
  {
    name: "one-endpoint",
    what: "a single endpoint of PagerDuty's says 500, 403 or 404, each for a while",
    pages: true,
    takes: null,
    readsFail: true,
    ...long,
    begin: (stage) => {
      const { random, saveSettings } = stage;
      const draw = (): (() => void) => {
        const [method, path] = random.pick(endpoints);
        return failingReads(stage, {
          kind: random.pick(refusals),
          probability: 1,
          endpoint: { method, path },
        });
      };
      let remove = draw();
      const stop = againAndAgain(stage, [10 * MINUTE, 70 * MINUTE], async () => {
        remove();
        // What the bot disarmed meanwhile, because a check failed, people arm again.
        await saveSettings();
        remove = draw();
      });
      return async () => {
        await stop();
        remove();
      };
    },
  },
  {
    name: "stale-reads",
    what: "incidents are read as they were up to four seconds ago, and lists lag as much",
    pages: true,
    takes: null,
    lag: READ_LAG,
    ...long,
    begin: ({ simulation: { pagerduty } }) => {
      pagerduty.faults.set({ readLag: READ_LAG });
      return () => pagerduty.faults.set({ readLag: 0 });
    },
  },
  {
    name: "wrong-token",
    what: "PagerDuty does not know the bot's key",
    pages: false,
    takes: "bot",
    ...long,
    begin: ({ layers }) => layers.token.add("not-the-token"),
  },
];

const hangUntilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
