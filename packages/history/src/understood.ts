import { type PastIncident, selfResolved, wasMerged } from "@mrdata/incident";
import { chooseColumns, type DetailColumns, type LeftOutColumn } from "@mrdata/learning";
import { allLeftOut, keeperOf } from "./columns-left-out.ts";
import type { History } from "./read-history.ts";
import { missingIdsSentence, withoutServiceId } from "./service-names.ts";

/** How an import interpreted a history. Counts are of incidents, except `leftOut`, which is of rows. The keys are those of `--json`. */
export type Understood = {
  readonly formats: Readonly<Record<string, number>>;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly services: number;
  /** Incidents without a service id. */
  readonly untied: number;
  /** When the first and the last opened, ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
  readonly ended: {
    readonly selfResolved: number;
    /** Closed by the monitor after the window, or after a person had escalated or reassigned it. */
    readonly byMonitorLater: number;
    readonly byPeople: number;
    readonly merged: number;
    /** Closed by a timer, a program or an unknown actor. */
    readonly unknown: number;
    readonly open: number;
  };
  /** Incidents that a person escalated or reassigned; null if the history does not record that. */
  readonly escalated: number | null;
  readonly columns: DetailColumns;
  readonly columnsLeftOut: readonly LeftOutColumn[];
  readonly columnsKept: readonly LeftOutColumn[];
  /** Columns with numbers in some incidents and texts in others, with their counts. */
  readonly mixed: readonly { readonly name: string; readonly numbers: number; readonly texts: number }[];
  /** Reasons against using the history as it is, as sentences. */
  readonly warnings: readonly string[];
};

/** Summarises how a history was interpreted. `windowMs` in milliseconds. */
export function understoodOf(
  history: History,
  incidents: readonly PastIncident[],
  {
    windowMs,
    keepColumns = [],
  }: { readonly windowMs: number; readonly keepColumns?: readonly string[] | undefined },
): Understood {
  const { columns, leftOut, kept } = chooseColumns(incidents, windowMs, keeperOf(keepColumns));
  const { columnsLeftOut } = history;
  const ended = endsOf(incidents, windowMs);
  const escalated = incidents.filter(({ takenOverAt }) => takenOverAt !== null).length;
  const hasEscalations = history.recordsEscalations || escalated > 0;
  const opened = incidents.map(({ createdAt }) => createdAt);
  const iso = (at: number) => new Date(at).toISOString();
  const untied = missingIdsSentence(incidents);
  return {
    formats: Object.fromEntries(history.formats),
    leftOut: Object.fromEntries(history.leftOut),
    services: new Set(incidents.map(({ service }) => service)).size,
    untied: withoutServiceId(incidents).length,
    from: opened.length === 0 ? null : iso(opened.reduce((a, b) => Math.min(a, b))),
    to: opened.length === 0 ? null : iso(opened.reduce((a, b) => Math.max(a, b))),
    ended,
    escalated: hasEscalations ? escalated : null,
    columns,
    columnsLeftOut: allLeftOut(columnsLeftOut, leftOut),
    columnsKept: kept,
    mixed: mixedAmong(incidents),
    warnings: [
      ...[...history.remarks].map(([sentence, times]) =>
        times > 1 ? `${sentence} (${times} times)` : sentence,
      ),
      ...(2 * history.bad > history.rows
        ? [`${history.bad} of ${history.rows} rows could not be read: most of the history is missing`]
        : []),
      ...(ended.selfResolved === 0
        ? [
            `nobody's incident resolved itself within ${windowMs / 60_000} min: the file may not say who closed them (a column like auto_resolved or resolved_by), or the window is another`,
          ]
        : []),
      ...(hasEscalations
        ? []
        : [
            "no column tells of escalations: what a person took further, and then resolved itself, counts as self-resolved",
          ]),
      ...(untied === null ? [] : [untied]),
    ],
  };
}

function endsOf(incidents: readonly PastIncident[], windowMs: number): Understood["ended"] {
  const ended = { selfResolved: 0, byMonitorLater: 0, byPeople: 0, merged: 0, unknown: 0, open: 0 };
  for (const past of incidents) {
    if (wasMerged(past, windowMs) || past.mergedInto !== null) ended.merged++;
    else if (selfResolved(past, windowMs)) ended.selfResolved++;
    else if (past.resolvedAt === null) ended.open++;
    else if (past.resolvedBy === "integration") ended.byMonitorLater++;
    else if (past.resolvedBy === "human") ended.byPeople++;
    else ended.unknown++;
  }
  return ended;
}

/** Details with both numbers and texts: if most are numbers, the model treats the others as missing. */
function mixedAmong(incidents: readonly PastIncident[]): Understood["mixed"] {
  const counts = new Map<string, { numbers: number; texts: number }>();
  for (const { details } of incidents)
    for (const [name, value] of Object.entries(details)) {
      const one = counts.get(name) ?? { numbers: 0, texts: 0 };
      counts.set(name, one);
      if (isNumber(value)) one.numbers++;
      else one.texts++;
    }
  return [...counts].flatMap(([name, one]) => (one.numbers > 0 && one.texts > 0 ? [{ name, ...one }] : []));
}

const isNumber = (value: string | number): boolean =>
  typeof value === "number" || (value.trim() !== "" && Number.isFinite(Number(value)));

/** The summary as lines of text. */
export function understoodLines(
  { formats, leftOut, services, from, to, ended, escalated, columns, columnsLeftOut, mixed }: Understood,
  rows: number,
): readonly string[] {
  const line = (what: string, is: string) => `  ${what.padEnd(24)}${is}`;
  const names = (of: readonly string[]) => (of.length === 0 ? "none" : of.slice(0, 20).join(", "));
  return [
    "What was understood:",
    line(
      "rows read",
      `${rows} (${names(Object.entries(formats).map(([name, count]) => `${count} as ${name}`))})`,
    ),
    ...Object.entries(leftOut)
      .sort((a, b) => b[1] - a[1])
      .slice(0, 5)
      .map(([reason, count]) => line("rows left out", `${count}: ${reason}`)),
    line("services", String(services)),
    line("opened", from === null || to === null ? "never" : `${from.slice(0, 10)} to ${to.slice(0, 10)}`),
    line("resolved themselves", String(ended.selfResolved)),
    line("closed later by itself", String(ended.byMonitorLater)),
    line("closed by people", String(ended.byPeople)),
    line("merged", String(ended.merged)),
    line("closed by nobody known", String(ended.unknown)),
    line("still open", String(ended.open)),
    line("taken further", escalated === null ? "not told" : String(escalated)),
    line("columns used", names([...new Set([...columns.numbers, ...columns.texts])])),
    ...mixed
      .slice(0, 5)
      .map(({ name, numbers, texts }) =>
        line("column of both kinds", `${name}: a number in ${numbers} incidents, a text in ${texts}`),
      ),
    ...(columnsLeftOut.length === 0 ? [line("columns left out", "none")] : []),
    ...columnsLeftOut.map(({ name, reason }) => line("column left out", `${name}: ${reason}`)),
  ];
}
