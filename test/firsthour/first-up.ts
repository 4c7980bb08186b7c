import type { EngineStack } from "../engine/support/engine-stack.ts";
import { inconsistencies } from "../failures/consistent.ts";
import { configOf, type Play } from "./plays.ts";

const UP = ["up", "--yes", "--skip-preview"];

/** How a first `up` went under these plays, a sentence for everything that is not as it must be. */
export async function faultsOfFirstUp(on: EngineStack, playing: readonly Play[]): Promise<readonly string[]> {
  const faults: string[] = [];
  await on.configure(configOf(on, playing));
  for (const play of playing) play.begin(on);
  const mayFail = playing.flatMap(({ says }) => (says === null ? [] : [says]));
  for (const run of ["the first up", "the next up"]) {
    const { code, stdout, stderr } = await on.stack.pulumi(UP);
    const said = stdout + stderr;
    if (code === 0) faults.push(...failed(on).map((name) => `${run} ended with 0, and ${name} is FAILED`));
    if (run === "the first up") for (const play of playing) faults.push(...((await play.after?.(on)) ?? []));
    if (code === 0) break;
    if (run !== "the first up" || mayFail.length === 0) faults.push(`${run} ended with ${code}: ${said}`);
    else if (!mayFail.some((says) => says.test(said))) faults.push(`${run} does not say why: ${said}`);
    for (const play of playing) await play.between?.(on);
  }
  faults.push(...(await inconsistencies(on)), ...twice(on));
  const { code, stdout } = await on.stack.pulumi(["preview", "--expect-no-changes"]);
  if (code !== 0) faults.push(`there is more to change: ${stdout}`);
  return faults;
}

const failed = ({ cloud }: EngineStack): readonly string[] =>
  [...cloud.resources.values()].flatMap(({ props }) =>
    props.state === "FAILED" ? [String(props.name)] : [],
  );

/** What is there twice, by the name that the program gives it: Google numbers some of it anew each time. */
function twice({ cloud }: EngineStack): readonly string[] {
  const there = new Map<string, number>();
  for (const { op, type, name } of cloud.done) {
    const step = op === "create" ? 1 : op === "delete" ? -1 : 0;
    there.set(`${type} ${name}`, (there.get(`${type} ${name}`) ?? 0) + step);
  }
  return [...there].flatMap(([what, count]) => (count > 1 ? [`${what} was made ${count} times`] : []));
}
