import { predictAnswer } from "./answers.ts";
import type { Authorization } from "./authorization.ts";
import { deployedModelIdOf } from "./deployed-model-id.ts";
import { checkEndpointName } from "./names.ts";

/** A request: one row, null where a value is missing, for the model whose `model.bst` has this SHA-256. */
export type EndpointQuestion = {
  readonly instance: readonly (number | null)[];
  readonly modelSha256: string;
};

/** A score of the requested model, or why there is none: late, unreachable, malformed, or from another version. */
export type EndpointAnswer =
  | { readonly kind: "score"; readonly score: number }
  | { readonly kind: "late" | "away" | "shape" | "version"; readonly reason: string };

/** A deployed model that scores one row per request. */
export type Endpoint = {
  /** Resolves within the time limit, and never rejects. */
  ask(question: EndpointQuestion): Promise<EndpointAnswer>;
};

export type EndpointOptions = {
  /** `projects/…/locations/…/endpoints/…`. */
  readonly name: string;
  /** Overrides the regional address: private endpoints, tests. */
  readonly baseUrl?: string | null;
  readonly authorization: Authorization;
  readonly fetch?: typeof fetch;
  /** Total time limit, milliseconds, for token, request and answer. */
  readonly limitMs?: number;
};

/** The longest that a hold waits for a second opinion, milliseconds. */
export const ENDPOINT_LIMIT_MS = 500;

/**
 * The client of one endpoint for online prediction. It does not retry: the caller has its own score, and an answer that is
 * late does not count.
 *
 * @throws RangeError for a name that is not an endpoint's.
 */
export function createEndpoint(options: EndpointOptions): Endpoint {
  const { name, authorization, fetch: send = fetch, limitMs = ENDPOINT_LIMIT_MS } = options;
  const region = checkEndpointName(name);
  const base = options.baseUrl ?? `https://${region}-aiplatform.googleapis.com`;
  const url = `${base.replace(/\/+$/, "")}/v1/${name}:predict`;

  async function answerOf(
    { instance, modelSha256 }: EndpointQuestion,
    signal: AbortSignal,
  ): Promise<EndpointAnswer> {
    const response = await send(url, {
      method: "POST",
      headers: { authorization: await authorization(), "content-type": "application/json" },
      body: JSON.stringify({ instances: [instance] }),
      // A redirect could send the token elsewhere.
      redirect: "error",
      signal,
    });
    const text = await response.text();
    if (response.status !== 200)
      return { kind: "away", reason: `the endpoint answered with ${response.status}` };
    const read = predictAnswer.safeParse(jsonOrNull(text));
    if (!read.success) return { kind: "shape", reason: "the endpoint's answer is not one number" };
    const { predictions, deployedModelId } = read.data;
    return deployedModelId === deployedModelIdOf(modelSha256)
      ? { kind: "score", score: predictions[0] }
      : { kind: "version", reason: `the endpoint asked another model (${deployedModelId.slice(0, 20)})` };
  }

  return {
    async ask(question) {
      const signal = AbortSignal.timeout(limitMs);
      const late = new Promise<EndpointAnswer>((resolve) =>
        signal.addEventListener("abort", () =>
          resolve({ kind: "late", reason: `the endpoint did not answer within ${limitMs} ms` }),
        ),
      );
      const answer = answerOf(question, signal).catch(
        (error: unknown): EndpointAnswer =>
          signal.aborted
            ? { kind: "late", reason: `the endpoint did not answer within ${limitMs} ms` }
            : { kind: "away", reason: `the endpoint could not be asked: ${causeOf(error)}` },
      );
      return Promise.race([answer, late]);
    },
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// fetch says only "fetch failed"; the reason is in the cause. Neither contains a header.
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : "network error";
}
