import type { Prediction } from "@mrdata/incident";

/** How often the endpoint's opinion of a hold counted. */
export type EndpointUse = {
  /** Incidents that it was asked about, and those of which its answer counted. */
  readonly asked: number;
  readonly counted: number;
  /** Why the newest answer did not count, as a sentence; null if it did. */
  readonly newest: string | null;
};

/**
 * What became of the endpoint's answers, by the predictions that name one; null if it was never asked, as without an endpoint. An
 * endpoint that is always late or serves another version delays nobody, and would go unnoticed while it costs by the hour.
 *
 * @param predictions Newest first.
 */
export function endpointUse(
  predictions: readonly Pick<Prediction, "scoredBy" | "verdicts">[],
): EndpointUse | null {
  const asked = predictions.filter(({ scoredBy }) => scoredBy !== undefined);
  const [newest] = asked;
  if (newest === undefined) return null;
  return {
    asked: asked.length,
    counted: asked.filter(({ scoredBy }) => scoredBy === "both").length,
    newest:
      newest.scoredBy === "both"
        ? null
        : (newest.verdicts.find(({ name }) => name === "endpoint")?.sentence ?? "It is not noted why."),
  };
}

export function endpointSentence({ asked, counted, newest }: EndpointUse): string {
  const holds = asked === 1 ? "one hold" : `${asked} holds`;
  const how = `asked about ${holds} of the last 30 days, and ${counted === asked ? "all" : counted === 0 ? "none" : counted} of its answers counted.`;
  if (newest === null) return how;
  return `${how} The newest did not: ${newest} It serves the version of 'modelFolder': after a new champion declare that, or set 'hosting' to none.`;
}
