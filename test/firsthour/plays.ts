import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Delays } from "../engine/gcp/first-minutes.ts";
import type { ProjectCopy } from "../engine/harness/project-copy.ts";
import type { Config, EngineStack } from "../engine/support/engine-stack.ts";
import { stacks } from "../plan/stacks.ts";
import { switchedOn } from "./switched-on.ts";

/** One thing that may go otherwise in the first hour of a project; it lasts for the first `up`, and then is over. */
export type Play = {
  readonly name: string;
  /** Settings that it needs. */
  readonly config?: Config;
  begin(on: EngineStack): void;
  /** What the first `up` says of it when it cannot end well; null where it has to end well in spite of it. */
  readonly says: RegExp | null;
  /** What is wrong after the first `up`, however it ended, a sentence each. */
  after?(on: EngineStack): Promise<readonly string[]>;
  /** Between the first `up` and the next. */
  between?(on: EngineStack): Promise<void> | void;
};

/** Google's minutes are a two-hundredth of a second here: what `up` is patient for, and what it is not. */
const PATIENT: Config = { "mrdata:grantWait": "2s", "mrdata:patience": "5s" };
const WAITED_FOR = 3;
const TOO_LONG = 100_000;

const FUNCTION = "gcp:cloudfunctionsv2/function:Function";
const POLICY = "gcp:monitoring/alertPolicy:AlertPolicy";
const JOB = "gcp:cloudscheduler/job:Job";
const DATABASE = "projects/everything-project/databases/mrdata-two";
const BUILD = "Build failed with status: FAILURE. Could not build the function.";

const PROGRAM = "infra/start.mjs";
const startOf = ({ folder }: ProjectCopy): string => readFileSync(join(folder, PROGRAM), "utf8");
/** Google's answer to whoever calls a function without being let in, wherever the program asks one. */
const ANSWERING_403 = `const ask = fetch;
globalThis.fetch = (url, init) =>
  String(url).includes(".run.app") ? Promise.resolve(new Response(null, { status: 403 })) : ask(url, init);
`;

const delay = (
  name: string,
  kind: "grants" | "metrics" | "agents" | "apis",
  length: number,
  says: RegExp | null,
): Play => ({
  name,
  says,
  begin: ({ cloud }) => {
    cloud.minutes.delays = { ...cloud.minutes.delays, [kind]: length };
  },
  between: (on) => over(on, kind, length),
});

/**
 * What nobody waits for is over, also for what the next `up` is the first to make: where something else ended the first one
 * early, it would else be too late a second time. What is waited for goes on.
 */
function over({ cloud: { minutes } }: EngineStack, kind: keyof Delays, length: number): void {
  minutes.pass(2 * TOO_LONG);
  if (length === TOO_LONG) minutes.delays = { ...minutes.delays, [kind]: 0 };
}

const failedBuild = (name: string, functions: RegExp, more: Partial<Play> = {}): Play => ({
  name,
  says: /Build failed with status/,
  begin: ({ cloud }) => {
    cloud.builds = (one) => (functions.test(one) ? BUILD : null);
  },
  between: ({ cloud }) => {
    cloud.builds = () => null;
  },
  ...more,
});

const refused = (name: string, type: string): Play => ({
  name,
  says: /Error 403: refused for the test/,
  begin: ({ cloud }) => {
    const before = cloud.beforeCreate;
    cloud.beforeCreate = (what, ...rest) =>
      what === type
        ? new Error(`googleapi: Error 403: refused for the test, forbidden`)
        : before(what, ...rest);
  },
  between: ({ cloud }) => {
    cloud.beforeCreate = () => null;
  },
});

export const plays: readonly Play[] = [
  delay("grants are known after minutes", "grants", WAITED_FOR, null),
  delay(
    "grants are known after longer than anybody waits",
    "grants",
    TOO_LONG,
    /missing permission|Permission denied/,
  ),
  delay("metrics are known after minutes", "metrics", WAITED_FOR, null),
  delay("metrics are known after longer than anybody waits", "metrics", TOO_LONG, /Cannot find metric\(s\)/),
  delay("Vertex AI's agents are there after minutes", "agents", WAITED_FOR, null),
  delay(
    "Vertex AI's agents are there after longer than anybody waits",
    "agents",
    TOO_LONG,
    /Service agents are being/,
  ),
  delay("APIs answer minutes after they were enabled", "apis", WAITED_FOR, /has not been used in project/),
  {
    name: "the database's name is kept since the last destroy",
    says: /Database ID 'mrdata-two' is not available in project .* Please retry in \d+ seconds/,
    begin: ({ cloud }) => {
      cloud.minutes.delays = { ...cloud.minutes.delays, names: TOO_LONG };
      cloud.minutes.note(DATABASE);
    },
    between: (on) => over(on, "names", TOO_LONG),
  },
  failedBuild("the builds of two functions fail", /receive|respond/),
  failedBuild("a build fails, and the state is refreshed", /receive/, {
    async between(on) {
      on.cloud.builds = () => null;
      await on.stack.must(["refresh", "--yes", "--skip-preview"]);
    },
  }),
  failedBuild("the build of a webhook that nobody may call yet fails", /receive/, {
    config: { "mrdata:publicWebhook": "false" },
  }),
  {
    name: "nobody lets PagerDuty in, for receive may not be open to everybody",
    config: { "mrdata:publicWebhook": "false" },
    says: /Google lets nobody call https:\/\/mrdata-receive-two.*: gcloud run services update mrdata-receive-two .*--no-invoker-iam-check; then pulumi up/,
    begin: ({ project }) => project.write(PROGRAM, `${ANSWERING_403}${startOf(project)}`),
    after: async (on) =>
      (await switchedOn(on)).includes(true) ? ["PagerDuty sends, and Google lets it in nowhere"] : [],
    between: ({ project }) => project.write(PROGRAM, startOf(project).replace(ANSWERING_403, "")),
  },
  refused("functions are refused", FUNCTION),
  refused("alert policies are refused", POLICY),
  refused("the schedule is refused", JOB),
  {
    name: "PagerDuty fails",
    says: /PagerDuty answered/,
    begin: ({ pagerduty }) => pagerduty.faults.set({ rest: "500" }),
    between: ({ pagerduty }) => pagerduty.faults.set({ rest: "ok" }),
  },
  {
    name: "Vertex AI refuses the upload",
    says: /models:upload with 403/,
    begin: ({ vertex }) => {
      const isOver = () => vertexRefusal.over;
      const vertexRefusal = { over: false };
      overs.set(vertex, () => {
        vertexRefusal.over = true;
      });
      vertex.faults.plan(
        (call) => !isOver() && call.endsWith("models:upload"),
        { kind: "refuse", status: 403, reason: "PERMISSION_DENIED" },
        1_000,
      );
    },
    between: ({ vertex }) => overs.get(vertex)?.(),
  },
];

const overs = new WeakMap<object, () => void>();

/** Everything on, patient for as long as the plays know, and led to the doubles. */
export const configOf = (on: EngineStack, playing: readonly Play[]): Config => ({
  ...stacks.everything,
  ...on.addresses,
  ...PATIENT,
  ...Object.assign({}, ...playing.map(({ config }) => config ?? {})),
});
