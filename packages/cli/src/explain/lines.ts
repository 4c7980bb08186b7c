import type { Moved } from "@mrdata/learning";
import { predictorPhrase } from "../past/predictor-phrase.ts";
import type { Terminal } from "../terminal.ts";
import { clockIn } from "../zone.ts";
import type { Explanation } from "./explanation.ts";
import type { SimilarIncident } from "./similar.ts";

const MAX_MOVED = 6;

/** The parts of an explanation that are printed. */
export type PrintedExplanation = Pick<
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
  | "wouldBe"
>;

type LineOptions = {
  /** Include the guard rails that did not object. */
  readonly all: boolean;
  readonly timeZone: string;
};

/** An explanation as lines of text. */
export function linesOf(
  explanation: PrintedExplanation,
  terminal: Pick<Terminal, "bold" | "dim">,
  { all, timeZone }: LineOptions,
): readonly string[] {
  const { incident, decision, outcome, similar, title, service, openedAt, wouldBe } = explanation;
  const { bold } = terminal;
  if (decision === null && explanation.events.length === 0) return [`${bold(incident)}  nothing known`];
  const clock = clockIn(timeZone, "second");
  const opened = openedAt === null ? "" : `opened ${clock(openedAt)} (${timeZone})`;
  return [
    `${bold(title ?? "untitled")}  ${[serviceOf(explanation, service), opened].filter((part) => part !== "").join(", ")}`,
    ...(decision === null
      ? [
          `${bold(incident)}  nothing was decided: it came before the bot`,
          ...(wouldBe === undefined ? [] : wouldBeLines(wouldBe, terminal, all)),
        ]
      : [
          `${bold(incident)}  ${decision}, decided by ${explanation.decidedBy ?? "?"}`,
          ...decidedLines(explanation, terminal, all),
          ...(explanation.taken ? [`  done        ${explanation.taken.sentence}`] : []),
        ]),
    `  outcome     ${outcome ?? "undecided"}`,
    ...explanation.events.map(
      (event) =>
        `  ${clock(Date.parse(event.occurredAt))}  ${event.type} by ${event.actor}${event.note === null || event.actorId === null ? "" : ` ${event.actorId}`}${event.note === null ? "" : `: ${event.note}`}`,
    ),
    ...(similar.length === 0 ? [] : ["  seen before", ...similar.map((one) => similarLine(one, clock))]),
  ];
}

/** What led to a decision: probability, contributions and guard rails. */
type Decided = Pick<
  PrintedExplanation,
  "probability" | "abstained" | "interval" | "model" | "moved" | "reasons" | "verdicts" | "decidedBy"
>;

function decidedLines(decided: Decided, { dim }: Pick<Terminal, "dim">, all: boolean): readonly string[] {
  const { model, moved, reasons } = decided;
  const rails = decided.verdicts ?? [];
  const shown = all ? rails : rails.filter((rail) => isRelevant(rail, decided));
  return [
    `  prediction  ${probabilityOf(decided)}${model === null ? "" : dim(` (${model})`)}`,
    ...(moved.length > 0 ? movedLines(moved) : (reasons ?? []).map((reason) => `  because     ${reason}`)),
    ...shown.map(
      (verdict) => `  ${verdict.allowsHold ? "  " : "! "}${verdict.name.padEnd(12)}${verdict.sentence}`,
    ),
    ...(shown.length === rails.length
      ? []
      : [dim(`  ${rails.length - shown.length} more guard rails had nothing against it: --all shows them`)]),
  ];
}

/** The champion's hypothetical decision today. */
const wouldBeLines = (
  wouldBe: NonNullable<PrintedExplanation["wouldBe"]>,
  terminal: Pick<Terminal, "dim">,
  all: boolean,
): readonly string[] => [
  `  would be    ${wouldBe.decision === "hold" ? "held" : "paged at once"}, decided by ${wouldBe.decidedBy}, had its service been armed, as ${predictorPhrase(wouldBe.model)} says now`,
  ...decidedLines(wouldBe, terminal, all),
  ...(wouldBe.learntFrom
    ? ["  It learnt from this very incident, and knows more of it than it will of what comes."]
    : []),
];

/** The relevant rails: those that deny a hold, the deciding one, and those on threshold and novelty. */
const isRelevant = (
  { name, allowsHold }: { readonly name: string; readonly allowsHold: boolean },
  { decidedBy }: Pick<PrintedExplanation, "decidedBy">,
): boolean => !allowsHold || name === decidedBy || name === "threshold" || name === "novelty";

const serviceOf = ({ serviceName }: PrintedExplanation, id: string | null): string =>
  serviceName === null ? (id ?? "") : `${serviceName} (${id ?? "?"})`;

function probabilityOf({ probability, abstained, interval }: Decided): string {
  if (probability === null) return abstained === null ? "none" : `none: ${abstained}`;
  const percent = (share: number) => Math.round(100 * share);
  const between =
    interval === null || interval.rows === 0
      ? ""
      : `, ${percent(interval.low)} to ${percent(interval.high)} % by ${interval.rows} past ones like it`;
  return `${percent(probability)} % likely to resolve itself${between}`;
}

/** Each contribution with its direction, scaled to the largest. */
function movedLines(moved: readonly Moved[]): readonly string[] {
  const most = Math.abs(moved[0]?.contribution ?? 0);
  const lines = moved.slice(0, MAX_MOVED).map(({ sentence, contribution }) => {
    const weight = Math.max(1, Math.round((3 * Math.abs(contribution)) / (most || 1)));
    return `  ${(contribution > 0 ? "+" : "-").repeat(weight).padEnd(12)}${sentence}`;
  });
  return ["  + speaks for resolving itself, - against:", ...lines];
}

function similarLine(
  { incident, openedAt, lasted, outcome, title }: SimilarIncident,
  clock: (at: number) => string,
): string {
  const after = lasted === null ? "never closed" : `closed after ${durationText(lasted)}`;
  return `  ${clock(Date.parse(openedAt))}  ${outcome ?? "undecided"}, ${after}: ${incident} ${title ?? ""}`;
}

const durationText = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
