import type { Moved } from "@mrdata/learning";
import type { Terminal } from "../terminal.ts";
import type { Explanation } from "./explanation.ts";
import type { SimilarIncident } from "./similar.ts";

const MOST_MOVED = 6;

/** What of an explanation people are told. */
export type Told = Pick<
  Explanation,
  | "incident"
  | "title"
  | "service"
  | "serviceName"
  | "openedAt"
  | "decision"
  | "decidedBy"
  | "probability"
  | "abstained"
  | "interval"
  | "model"
  | "moved"
  | "reasons"
  | "verdicts"
  | "taken"
  | "outcome"
  | "events"
  | "similar"
>;

/** An explanation for people. */
export function linesOf(
  explanation: Told,
  { bold, dim }: Pick<Terminal, "bold" | "dim">,
  { all }: { readonly all: boolean },
): readonly string[] {
  const { incident, decision, moved, reasons, outcome, similar, title, service, openedAt } = explanation;
  if (decision === null && explanation.events.length === 0) return [`${bold(incident)}  nothing known`];
  const rails = explanation.verdicts ?? [];
  const shown = all ? rails : rails.filter((rail) => matters(rail, explanation));
  return [
    `${bold(title ?? "untitled")}  ${[serviceOf(explanation, service), timeOf(openedAt)].filter((part) => part !== "").join(", ")}`,
    `${bold(incident)}  ${decision === null ? "no prediction" : `${decision}, decided by ${explanation.decidedBy ?? "?"}`}`,
    `  prediction  ${probabilityOf(explanation)}${explanation.model === null ? "" : dim(` (${explanation.model})`)}`,
    ...(moved.length > 0 ? movedLines(moved) : (reasons ?? []).map((reason) => `  because     ${reason}`)),
    ...shown.map(
      (verdict) => `  ${verdict.allowsHold ? "  " : "! "}${verdict.name.padEnd(12)}${verdict.sentence}`,
    ),
    ...(shown.length === rails.length
      ? []
      : [dim(`  ${rails.length - shown.length} more guard rails had nothing against it: --all shows them`)]),
    ...(explanation.taken ? [`  done        ${explanation.taken.sentence}`] : []),
    `  outcome     ${outcome ?? "undecided"}`,
    ...explanation.events.map(
      (event) =>
        `  ${event.occurredAt}  ${event.type} by ${event.actor}${event.note === null || event.actorId === null ? "" : ` ${event.actorId}`}${event.note === null ? "" : `: ${event.note}`}`,
    ),
    ...(similar.length === 0 ? [] : ["  seen before", ...similar.map(similarLine)]),
  ];
}

/** The rails that mattered: what stood against a hold, what decided, and by what the alarm is known. */
const matters = (
  { name, allowsHold }: { readonly name: string; readonly allowsHold: boolean },
  { decidedBy }: Told,
): boolean => !allowsHold || name === decidedBy || name === "threshold" || name === "novelty";

const serviceOf = ({ serviceName }: Told, id: string | null): string =>
  serviceName === null ? (id ?? "") : `${serviceName} (${id ?? "?"})`;

const timeOf = (at: number | null): string =>
  at === null ? "" : `opened ${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

function probabilityOf({ probability, abstained, interval }: Told): string {
  if (probability === null) return abstained === null ? "none" : `none: ${abstained}`;
  const percent = (share: number) => Math.round(100 * share);
  const between =
    interval === null || interval.rows === 0
      ? ""
      : `, ${percent(interval.low)} to ${percent(interval.high)} % by ${interval.rows} past ones like it`;
  return `${percent(probability)} % likely to resolve itself${between}`;
}

/** Each with its side, and how much it weighs beside the weightiest. */
function movedLines(moved: readonly Moved[]): readonly string[] {
  const most = Math.abs(moved[0]?.contribution ?? 0);
  const lines = moved.slice(0, MOST_MOVED).map(({ sentence, contribution }) => {
    const weight = Math.max(1, Math.round((3 * Math.abs(contribution)) / (most || 1)));
    return `  ${(contribution > 0 ? "+" : "-").repeat(weight).padEnd(12)}${sentence}`;
  });
  return ["  + speaks for resolving itself, - against:", ...lines];
}

function similarLine({ incident, openedAt, lasted, outcome, title }: SimilarIncident): string {
  const after = lasted === null ? "never closed" : `closed after ${durationText(lasted)}`;
  return `  ${openedAt}  ${outcome ?? "undecided"}, ${after}: ${incident} ${title ?? ""}`;
}

const durationText = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
