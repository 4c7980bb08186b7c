import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stacks } from "../../plan/stacks.ts";
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

/** A stack of a name, on doubles and a copy of the project of its own. */
export async function openEngineStack(name: keyof typeof stacks, binary: string): Promise<EngineStack> {
  const home = mkdtempSync(join(tmpdir(), "mrdata-stack-"));
  const doubles = await startDoubles();
  const project = copyProject();
  const { "gcp:project": projectId, "mrdata:projectNumber": projectNumber } = stacks[name];
  doubles.cloud.projectNumbers.set(projectId, projectNumber);
  const stack = await openStack({
    name,
    binary,
    folder: project.folder,
    home,
    host: doubles.host,
    provider: doubles.provider.port,
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
