import type { Prediction } from "@mrdata/incident";
import type { Log } from "@mrdata/platform";
import { asksEndpoint, type Predictor, withSecondOpinion } from "@mrdata/responder";
import type { Endpoint, EndpointAnswer, EndpointQuestion } from "@mrdata/vertex/endpoint";

export type EndpointPorts = {
  /** Null where no endpoint serves the model: it is then never queried. */
  readonly endpoint: Endpoint | null;
  readonly log: Log;
};

/** The decision with the endpoint's opinion if it was queried, else unchanged. Never rejects. */
export type QueryEndpoint = (decided: Prediction, predictor: Predictor) => Promise<Prediction>;

/**
 * Queries the endpoint about an incident that would be held. A late answer, or one of another version, is logged and
 * changes nothing; a probability that differs from this process's pages the incident and raises an alarm.
 */
export function createQueryEndpoint({ endpoint, log }: EndpointPorts): QueryEndpoint {
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

/** An endpoint that rejects, against its contract, counts as unavailable. */
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
