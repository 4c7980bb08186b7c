/**
 * The part of `fetch` that the client needs. A PagerDuty in the same process implements just this: creating real
 * Headers and Responses, with their streams, would cost more than answering.
 */
export type Send = (url: string, request: SentRequest) => Promise<Answered>;

export type SentRequest = {
  readonly method: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
};

export type Answered = Pick<Response, "status" | "ok" | "text"> & { readonly headers: AnswerHeaders };

export type AnswerHeaders = Pick<Headers, "get">;
