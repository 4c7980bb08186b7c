import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }),
  jobs: z.record(
    z.string(),
    z.object({
      if: z.string().optional(),
      environment: z.string().optional(),
      needs: z.string().optional(),
      permissions: permissions.optional(),
      "timeout-minutes": z.number(),
      steps: z.array(step),
    }),
  ),
});
type Workflow = z.infer<typeof workflowSchema>;

const folder = join(root, ".github/workflows");
const texts = new Map(
  readdirSync(folder).map((file) => [file.replace(".yml", ""), readFileSync(join(folder, file), "utf8")]),
);
const textOf = (name: string): string => texts.get(name) ?? "";
const workflow = (name: string): Workflow => workflowSchema.parse(parse(textOf(name)));
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

/** The actions that may be used, at the commits that were looked at. */
const pins: Readonly<Record<string, string>> = {
  "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1",
  "google-github-actions/auth": "7c6bc770dae815cd3e89ee6cdf493a5fab2cc093",
  "pulumi/actions": "8e5e406f4007fca908480587cb9893c07090f58d",
};

/** What makes Pulumi print a secret that a provider made, or a token: in a log it would stay. */
const leaks: readonly RegExp[] = [
  /\bup\b[^\n]*\s--json\b/,
  /--debug\b|^\s*debug:\s*true/m,
  /PULUMI_ENABLE_STREAMING_JSON_PREVIEW/,
  /--logtostderr|\s-v[= ]?\d|log-verbosity|log-to-std-err/,
];

/** A sentence for everything in a workflow's text that must not be there. */
const wrongIn = (text: string): readonly string[] => [
  ...leaks.filter((leak) => leak.test(text)).map((leak) => `it may print secrets: ${leak}`),
  ...(/pull_request_target/.test(text) ? ["it runs what forks send with the rights of the repository"] : []),
  ...(/destroy[^\n]*--skip-preview/.test(text) ? ["it destroys before it looks"] : []),
  ...[...text.matchAll(/uses: *([^@\s]+)@(\S+)/g)].flatMap(([, action = "", commit]) =>
    pins[action] === commit ? [] : [`${action} is not pinned to the commit that was looked at`],
  ),
  ...(/credentials_json|GOOGLE_CREDENTIALS|secrets\.GCP/.test(text) ? ["it logs in with a key"] : []),
];

/** No more than the workflow itself may. */
const NOTHING = {};

describe("workflows", () => {
  test("are these, and each has nothing that it must not have", () => {
    expect([...texts.keys()].sort()).toEqual(["ci", "deploy", "preview"]);
    for (const [name, text] of texts) expect(wrongIn(text), name).toEqual([]);
  });

  for (const [what, line] of [
    ["--json", "      - run: pulumi up --yes --json"],
    ["--debug", "      - run: pulumi preview --debug"],
    ["a streaming preview", "      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 1"],
    ["verbose logs", "      - run: pulumi up -v=9 --logtostderr"],
    ["pull_request_target", "  pull_request_target:"],
    ["an action by its tag", "      - uses: actions/checkout@v7"],
    ["an action that nobody looked at", "      - uses: evil/action@3d3c42e5aac5ba805825da76410c181273ba90b1"],
    ["a key", "          credentials_json: x"],
    ["a careless destroy", "      - run: pulumi destroy --yes --skip-preview"],
  ] as const)
    test(`and ${what} would be seen`, () => {
      for (const text of texts.values()) expect(wrongIn(`${text}\n${line}\n`)).toHaveLength(1);
    });

  test("may do the least that they have to", () => {
    for (const name of texts.keys()) {
      const { permissions: all, jobs } = workflow(name);
      expect(all, name).toEqual({ contents: "read" });
      const own = Object.values(jobs).map((job) => job.permissions);
      expect(
        own.map((one) => one ?? NOTHING),
        name,
      ).toEqual([
        {
          ci: NOTHING,
          preview: { contents: "read", "id-token": "write", "pull-requests": "write" },
        }[name] ?? { contents: "read", "id-token": "write" },
        // It shows, and it does.
        ...(name === "deploy" ? [{ contents: "read", "id-token": "write" }] : []),
      ]);
      for (const { uses, with: given } of stepsOf(workflow(name)))
        if (uses?.startsWith("actions/checkout")) expect(given["persist-credentials"]).toBe(false);
    }
  });

  test("who GitHub is here is told by numbers, which nobody can take over with a name", () => {
    const text = readFileSync(join(root, "docs/bootstrap.md"), "utf8");
    const [, condition = ""] = /--attribute-condition "(.+)"/.exec(text) ?? [];
    expect(condition.split(" && ")).toEqual([
      "assertion.repository_id == '$REPOSITORY_ID'",
      "assertion.repository_owner_id == '$OWNER_ID'",
    ]);
    expect(text).not.toMatch(/assertion\.repository(_owner)?[ ,"]/);
    for (const name of ["REPOSITORY_ID", "OWNER_ID"])
      expect(text).toMatch(new RegExp(`^${name}=\\$\\(`, "m"));
  });

  test("its jobs are who they are by those numbers, too, as GitHub writes a subject since 2026-07-15", () => {
    const text = readFileSync(join(root, "docs/bootstrap.md"), "utf8");
    const [assigned = ""] = /^SUBJECT=.+$/m.exec(text) ?? [];
    const env = { REPOSITORY: "acme/bot", OWNER_ID: "42", REPOSITORY_ID: "7" };
    const { stdout } = spawnSync("bash", ["-c", `${assigned}; echo $SUBJECT`], { env, encoding: "utf8" });
    expect(stdout).toBe("repo:acme@42/bot@7\n");
    const subjects = [...text.matchAll(/\/subject\/([^"]+)"/g)].map(([, subject]) => subject);
    expect(subjects).toEqual([
      "$SUBJECT:pull_request",
      "$SUBJECT:ref:refs/heads/main",
      "$SUBJECT:environment:production",
    ]);
  });

  test("preview runs for pull requests of this repository alone, and is given no secret", () => {
    const { on, jobs } = workflow("preview");
    expect(Object.keys(on)).toEqual(["pull_request"]);
    expect(jobs.preview?.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    expect(textOf("preview")).not.toMatch(/secrets\./);
    expect(textOf("preview")).toContain("vars.PREVIEW_ACCOUNT");
  });

  test("deploy waits for ci: it takes the commit that passed, and only what was pushed to main here", () => {
    const { on, jobs } = workflow("deploy");
    expect(on).toEqual({ workflow_run: { workflows: ["ci"], types: ["completed"], branches: ["main"] } });
    expect(parse(textOf("ci")).name).toBe("ci");
    for (const job of [jobs.plan, jobs.deploy])
      for (const condition of [
        "workflow_run.conclusion == 'success'",
        "workflow_run.event == 'push'",
        "workflow_run.head_repository.full_name == github.repository",
      ])
        expect(job?.if?.split(/ && ?/)).toContain(`github.event.${condition}`);
    const checkouts = stepsOf(workflow("deploy")).filter(({ uses }) => uses?.startsWith("actions/checkout"));
    const passed = expect.stringMatching(/^\$\{\{ github\.event\.workflow_run\.head_sha \}\}$/);
    expect(checkouts.map((step) => step.with.ref)).toEqual([passed, passed]);
  });

  test("deploy runs behind an environment, one at a time for a stack, and does what was planned", () => {
    const { jobs, concurrency } = workflow("deploy");
    expect(jobs.deploy?.environment).toBe("production");
    expect(concurrency["cancel-in-progress"]).toBe(false);
    expect(concurrency.group).toMatch(/^stack-.*vars\.PULUMI_STACK/);
    const [, , , compared = "", planned = "", done = ""] = stepsOf(workflow("deploy")).flatMap(({ run }) =>
      run === undefined ? [] : [run],
    );
    expect(compared).toMatch(/ plan-summary .*--same-as "\$SHOWN"$/);
    expect(planned).toMatch(/ preview .*--save-plan approved\.json$/);
    expect(done).toMatch(/ up .*--plan approved\.json --yes$/);
  });

  test("deploy makes the plan and shows it before anybody is asked to approve it, as an identity that may only read", () => {
    const { jobs } = workflow("deploy");
    expect(Object.keys(jobs)).toEqual(["plan", "deploy"]);
    expect(jobs.plan?.environment).toBeUndefined();
    expect(jobs.deploy?.needs).toBe("plan");
    const text = textOf("deploy");
    const [shown = "", done = ""] = [
      text.slice(0, text.indexOf("  deploy:\n    needs")),
      text.slice(text.indexOf("  deploy:\n    needs")),
    ];
    expect(shown).toContain("vars.PREVIEW_ACCOUNT");
    expect(shown).toMatch(/plan-summary -- plan\.json "\$GITHUB_STEP_SUMMARY" >> "\$GITHUB_OUTPUT"/);
    expect(shown).not.toMatch(/DEPLOY_ACCOUNT|\bup\b --/);
    expect(done).not.toContain("PREVIEW_ACCOUNT");
    const bootstrap = readFileSync(join(root, "docs/bootstrap.md"), "utf8");
    expect(bootstrap).toContain("$SUBJECT:ref:refs/heads/main");
  });

  test("call only what the project has", () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    );
    const runs = [...texts.keys()].flatMap((name) => stepsOf(workflow(name)).flatMap(({ run }) => run ?? []));
    expect(runs.length).toBeGreaterThan(3);
    for (const run of runs) {
      const [, script] = /^npm run --silent (\S+)/.exec(run) ?? [];
      if (script === undefined) accessSync(join(root, run), constants.X_OK);
      else expect(scripts).toHaveProperty(script);
    }
  });
});
