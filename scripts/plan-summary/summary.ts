import { createHash } from "node:crypto";
import { z } from "zod";

const plan = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      diffReasons: z.array(z.string()).nullish(),
      replaceReasons: z.array(z.string()).nullish(),
      newState: z.object({ inputs: z.record(z.string(), z.unknown()).nullish() }).nullish(),
    }),
  ),
});

export type PlanSummary = {
  /** In GitHub's Markdown. No value of an input is in it: only which would change. */
  readonly table: string;
  /** The same for two plans that do the same, whenever they are made. */
  readonly digest: string;
};

/** What a plan (`pulumi preview --json`) would do. Throws where it is none. */
export function summaryOf(json: string): PlanSummary {
  const steps = plan.parse(JSON.parse(json)).steps.filter(({ op }) => op !== "same" && op !== "read");
  const rows = steps
    .map(({ op, urn, diffReasons, replaceReasons }) => {
      const [type, name] = urn.split("::").slice(-2);
      const changed = [...new Set([...(diffReasons ?? []), ...(replaceReasons ?? [])])].toSorted();
      return [op, name ?? urn, (type ?? "").split("$").at(-1) ?? "", changed.join(", ")];
    })
    .toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  const hash = createHash("sha256").update(JSON.stringify(rows));
  for (const { urn, newState } of steps.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)))
    hash.update(JSON.stringify([urn, inputsOf(newState?.inputs ?? {})]));
  const head = `### ${rows.length === 0 ? "Nothing would change" : `${rows.length} changes`}\n\n`;
  const lines = rows.map((row) => `| ${row.join(" | ")} |`);
  const table =
    rows.length === 0
      ? ""
      : `| op | name | type | what differs |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
  return { table: `${head}${table}\n`, digest: hash.digest("hex") };
}

/** Marks a value as a secret, whose ciphertext is another one each time. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** What is the same whenever the plan is made: names in order, and secrets without their ciphertext. */
function inputsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inputsOf);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "ciphertext" in value) return "secret";
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, inputsOf(inner)]),
  );
}
