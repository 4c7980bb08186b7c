import type { Prediction } from "@mrdata/incident";
import type { ServedModel } from "@mrdata/learning";

/** What the endpoint said of one incident: a score, or why there is none. */
export type SaidByEndpoint =
  | { readonly kind: "score"; readonly score: number }
  | { readonly kind: "late" | "away" | "shape" | "version"; readonly reason: string };

/** Scores of the same model on the same row differ by no more: what float32 leaves of a sum. */
export const SAME_SCORE = 1e-6;

/** The name under which the second opinion stands among the guard rails' results. */
const NAME = "endpoint";

/** Whether the endpoint is asked: only about what would really be held. Where a guard rail pages, in a storm too, nobody waits for it. */
export const asksEndpoint = ({ decision, holdUntil }: Pick<Prediction, "decision" | "holdUntil">): boolean =>
  decision === "hold" && holdUntil !== null;

/**
 * The hold with what the endpoint said of it. It stays one if both say so, within 1e-6; where the endpoint said nothing that counts, by
 * the score in this process alone; another number pages.
 *
 * @returns `differs`: the two numbers, where they are not the same one; else null.
 */
export function withSecondOpinion(
  hold: Prediction,
  { threshold, served }: { readonly threshold: number | null; readonly served: ServedModel },
  said: SaidByEndpoint,
): {
  readonly prediction: Prediction;
  readonly differs: { readonly own: number; readonly endpoint: number } | null;
} {
  if (said.kind !== "score")
    return {
      prediction: {
        ...hold,
        scoredBy: "process",
        verdicts: [
          ...hold.verdicts,
          { name: NAME, allowsHold: true, sentence: `The score of this process counts: ${said.reason}.` },
        ],
      },
      differs: null,
    };
  const own = served.score(hold.features);
  const isSame = Math.abs(own - said.score) <= SAME_SCORE;
  if (!isSame)
    return {
      prediction: asPage(hold, `The endpoint scored ${said.score}, and this process ${own}.`),
      differs: { own, endpoint: said.score },
    };
  // So near the threshold that the last digit decides.
  if (threshold === null || served.probability(said.score) < threshold)
    return { prediction: asPage(hold, "By the endpoint's score it is not likely enough."), differs: null };
  const agrees = { name: NAME, allowsHold: true, sentence: "The endpoint says the same." };
  return {
    prediction: { ...hold, scoredBy: "both", verdicts: [...hold.verdicts, agrees] },
    differs: null,
  };
}

/** A would-be hold that is paged; nothing that only a hold has is left. */
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
