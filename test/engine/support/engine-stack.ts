import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stacks } from "../../plan/stacks.ts";
import { archivesOfCopies } from "../harness/archives-of-copies.ts";
import { copyProject, type ProjectCopy } from "../harness/project-copy.ts";
import { openStack, type Stack } from "../harness/stack.ts";
import { type Doubles, startDoubles } from "./doubles.ts";

export type Config = Readonly<Record<string, string>>;

const SECRET_SETTINGS = ["mrdata:alertPagerDutyKey", "mrdata:pagerDutyToken", "mrdata:webhookSecret"];

/** Google's double knows everything at once unless a test has it take minutes. */
const AT_ONCE: Config = { "mrdata:grantWait": "0s" };
const MONITORING = "gcp:monitoringCustomEndpoint";

export type EngineStack = Doubles & {
  readonly stack: Stack;
  readonly project: ProjectCopy;
  /** Sets the whole configuration, secrets as secrets. */
  configure(config: Config): Promise<void>;
  /** What the cloud was told to do by `work`, as `create Function respond-function`, in order. */
  changes(work: () => Promise<unknown>): Promise<readonly string[]>;
  remove(): Promise<void>;
};

/**
 * How often the engine writes the state: after each resource, as always, with a backup of each, or once at the end, which is half
 * of its work for a stack of two hundred. Whoever kills it, or looks at all that it wrote, needs each, and the CLI's own logs.
 */
const ONCE_AT_THE_END: Config = {
  PULUMI_SKIP_CHECKPOINTS: "true",
  PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
};

/** A stack of a name, on doubles and a copy of the project of its own. */
export async function openEngineStack(
  name: keyof typeof stacks,
  binary: string,
  { checkpoints = "at the end" }: { readonly checkpoints?: "each" | "at the end" } = {},
): Promise<EngineStack> {
  const archives = await archivesOfCopies();
  const home = mkdtempSync(join(tmpdir(), "mrdata-stack-"));
  const doubles = await startDoubles();
  const project = copyProject();
  cpSync(archives, join(project.folder, "infra/dist/functions"), { recursive: true });
  const { "gcp:project": projectId, "mrdata:projectNumber": projectNumber } = stacks[name];
  doubles.cloud.projectNumbers.set(projectId, projectNumber);
  const stack = await openStack({
    name,
    binary,
    folder: project.folder,
    home,
    host: doubles.host,
    provider: doubles.provider.port,
    env: checkpoints === "each" ? {} : ONCE_AT_THE_END,
    logs: checkpoints === "each",
  });
  return {
    ...doubles,
    stack,
    project,
    async configure(config) {
      const [secrets, open] = [true, false].map((wanted) =>
        Object.fromEntries(
          Object.entries({ ...AT_ONCE, [MONITORING]: doubles.addresses[MONITORING] ?? "", ...config }).filter(
            ([key]) => SECRET_SETTINGS.includes(key) === wanted,
          ),
        ),
      );
      await stack.configure(open ?? {}, secrets);
    },
    async changes(work) {
      const before = doubles.cloud.done.length;
      await work();
      return doubles.cloud.done
        .slice(before)
        .map(({ op, type, name: logical }) => `${op} ${type.split(":").at(-1)} ${logical}`);
    },
    async remove() {
      await doubles.close();
      project.remove();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
