import type { Prediction } from "@mrdata/incident";
import type { Log } from "@mrdata/platform";
import { asksEndpoint, type Predictor, withSecondOpinion } from "@mrdata/responder";
import type { Endpoint, EndpointAnswer, EndpointQuestion } from "@mrdata/vertex/endpoint";

export type EndpointPorts = {
  /** Null where no endpoint serves the model: then nothing is ever asked. */
  readonly endpoint: Endpoint | null;
  readonly log: Log;
};

/** The decision with the endpoint's opinion where it was asked for one; the same where it was not. Never rejects. */
export type AskEndpoint = (decided: Prediction, predictor: Predictor) => Promise<Prediction>;

/**
 * Asks the endpoint about what would be held. What it does not say in time, or not of this version, is logged and changes nothing;
 * another number than this process has pages, and an alarm tells a person.
 */
export function createAskEndpoint({ endpoint, log }: EndpointPorts): AskEndpoint {
  return async (decided, { served, threshold }) => {
    if (endpoint === null || served === undefined || !asksEndpoint(decided)) return decided;
    const { incident, model } = decided;
    const instance = served.instance(decided.features);
    const said = await ask(endpoint, { instance, modelSha256: served.modelSha256 });
    if (said.kind !== "score")
      log({ severity: "WARNING", event: "endpoint.unused", incident, version: model, reason: said.reason });
    const { prediction, differs } = withSecondOpinion(decided, { threshold, served }, said);
    if (differs !== null)
      log({ severity: "ERROR", event: "endpoint.differs", incident, version: model, ...differs });
    return prediction;
  };
}

/** An endpoint that breaks its word, and rejects, is away. */
const ask = async (endpoint: Endpoint, question: EndpointQuestion): Promise<EndpointAnswer> => {
  try {
    return await endpoint.ask(question);
  } catch (error) {
    return {
      kind: "away",
      reason: error instanceof Error ? error.message : "the endpoint could not be asked",
    };
  }
};
