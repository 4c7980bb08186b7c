import type { Prediction } from "@mrdata/incident";
import type { ServedModel } from "@mrdata/learning";

/** The endpoint's answer for one incident: a score, or why there is none. */
export type EndpointAnswer =
  | { readonly kind: "score"; readonly score: number }
  | { readonly kind: "late" | "away" | "shape" | "version"; readonly reason: string };

/** Tolerance within which two scores of the same model on the same row are equal: the rounding of a float32 sum. */
const SAME_SCORE = 1e-6;

/** The name of the second opinion among the guard rails' results. */
const NAME = "endpoint";

/** Whether to ask the endpoint: only for incidents that would really be held. A page, also in a storm, never waits for it. */
export const asksEndpoint = ({ decision, holdUntil }: Pick<Prediction, "decision" | "holdUntil">): boolean =>
  decision === "hold" && holdUntil !== null;

/**
 * The hold after the endpoint's answer. It remains a hold if both scores agree within 1e-6 and reach the threshold. Without a usable
 * answer the score of this process decides alone; a different score pages.
 *
 * @returns `differs`: the two scores if they disagree, else null.
 */
export function withSecondOpinion(
  hold: Prediction,
  { threshold, served }: { readonly threshold: number | null; readonly served: ServedModel },
  answer: EndpointAnswer,
): {
  readonly prediction: Prediction;
  readonly differs: { readonly own: number; readonly endpoint: number } | null;
} {
  if (answer.kind !== "score")
    return {
      prediction: {
        ...hold,
        scoredBy: "process",
        verdicts: [
          ...hold.verdicts,
          { name: NAME, allowsHold: true, sentence: `The score of this process counts: ${answer.reason}.` },
        ],
      },
      differs: null,
    };
  const own = served.score(hold.features);
  const isSame = Math.abs(own - answer.score) <= SAME_SCORE;
  if (!isSame)
    return {
      prediction: asPage(hold, `The endpoint scored ${answer.score}, and this process ${own}.`),
      differs: { own, endpoint: answer.score },
    };
  // The scores agree within rounding, but the endpoint's may still fall below the threshold.
  if (threshold === null || served.probability(answer.score) < threshold)
    return { prediction: asPage(hold, "By the endpoint's score it is not likely enough."), differs: null };
  const agrees = { name: NAME, allowsHold: true, sentence: "The endpoint says the same." };
  return {
    prediction: { ...hold, scoredBy: "both", verdicts: [...hold.verdicts, agrees] },
    differs: null,
  };
}

/** Turns a would-be hold into a page and drops the fields that only a hold has. */
function asPage({ control: _, unsettled: __, ...hold }: Prediction, sentence: string): Prediction {
  return {
    ...hold,
    decision: "page",
    decidedBy: NAME,
    holdUntil: null,
    scoredBy: "both",
    verdicts: [...hold.verdicts, { name: NAME, allowsHold: false, sentence }],
  };
}
