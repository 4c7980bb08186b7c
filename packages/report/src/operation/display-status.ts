import type { ReportIncident } from "./report-data.ts";

/** The status of an incident for display: a label, and a CSS class. */
export type DisplayStatus = {
  readonly slug: "spared" | "late" | "paged" | "unneeded" | "control" | "other" | "open";
  readonly label: string;
};

/** The status of an incident. If its service was not armed, nothing was held: then it is the hypothetical one. */
export function displayStatusOf({
  result,
  mode,
  decision,
}: Pick<ReportIncident, "result" | "mode" | "decision">): DisplayStatus {
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
