import type { Outcome, Prediction } from "@mrdata/incident";

/**
 * How a decision turned out. `hit`: held, and it resolved itself. `miss`: held, and it needed a human. `control`:
 * would have been held, and was paged as part of the control sample. `open`: no outcome yet. `neither`: an outcome that is no evidence
 * either way (closed by a person inside the window, merged, timed out).
 */
export const results = [
  "hit",
  "miss",
  "correct page",
  "unneeded page",
  "control",
  "neither",
  "open",
] as const;
export type Result = (typeof results)[number];

/**
 * The result of a decision. For services that are not armed it is what the result would have been.
 *
 * @example
 * ```ts
 * resultOf({ decision: "hold", decidedBy: "threshold" }, "self-resolved"); // => "hit"
 * resultOf({ decision: "hold", decidedBy: "threshold" }, "needed-human"); // => "miss"
 * resultOf({ decision: "page", decidedBy: "novelty" }, null); // => "open"
 * ```
 */
export function resultOf(
  { decision, decidedBy }: Pick<Prediction, "decision" | "decidedBy">,
  outcome: Outcome | null,
): Result {
  if (decidedBy === "control") return "control";
  if (outcome === null) return "open";
  if (outcome === "self-resolved") return decision === "hold" ? "hit" : "unneeded page";
  if (outcome === "needed-human") return decision === "hold" ? "miss" : "correct page";
  return "neither";
}
