import { messageOf } from "@mrdata/base";

/** What Google answers to a question, or why it does not. */
export type Answer<T> = { readonly said: T } | { readonly refused: string };

/** Asks, and takes a refusal for an answer: in Google's words, or the provider's. */
export const answerOf = <T>(asked: Promise<T>): Promise<Answer<T>> =>
  asked.then(
    (said) => ({ said }),
    (error: unknown) => ({ refused: messageOf(error) }),
  );
