import type { ReportIncident } from "./report-data.ts";

/** What became of an incident, in a word for people and one for the style sheet. */
export type Fate = {
  readonly slug: "spared" | "late" | "paged" | "unneeded" | "control" | "other" | "open";
  readonly label: string;
};

/**
 * What became of it. Where the service is not armed nothing was held: then it says what would have been.
 */
export function fateOf({
  result,
  mode,
  decision,
}: Pick<ReportIncident, "result" | "mode" | "decision">): Fate {
  const armed = mode === "armed";
  switch (result) {
    case "hit":
      return { slug: "spared", label: armed ? "spared" : "would have been spared" };
    case "miss":
      return { slug: "late", label: armed ? "paged late" : "would have been late" };
    case "correct page":
      return { slug: "paged", label: "paged, rightly" };
    case "unneeded page":
      return { slug: "unneeded", label: "paged, resolved itself" };
    case "control":
      return { slug: "control", label: "control: paged to learn" };
    case "open":
      return { slug: "open", label: decision === "hold" && armed ? "held" : "open" };
    case "neither":
      return {
        slug: "other",
        label: decision === "hold" && armed ? "held, ended otherwise" : "paged, ended otherwise",
      };
  }
}
