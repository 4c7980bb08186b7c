import type { AnswerHeaders } from "./send.ts";

/** The remaining calls, from PagerDuty's answers, over all processes that share the bot's key or user. */
export type CallBudget = {
  note(headers: AnswerHeaders): void;
  /**
   * The share of this minute's calls that are left, from 0 to 1; null where no answer has reported it in this minute.
   * PagerDuty allows 960 a minute (developer docs, REST API rate limits).
   */
  shareLeft(): number | null;
};

const numberIn = (headers: AnswerHeaders, name: string): number | null => {
  const text = headers.get(name);
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
};

/** Tracks the headers of every answer: `ratelimit-limit`, `-remaining` and `-reset`. */
export function createCallBudget(now: () => number): CallBudget {
  let last: { readonly share: number; readonly untilMs: number } | null = null;
  return {
    note(headers) {
      const limit = numberIn(headers, "ratelimit-limit");
      const remaining = numberIn(headers, "ratelimit-remaining");
      const resetSeconds = numberIn(headers, "ratelimit-reset");
      if (limit === null || limit <= 0 || remaining === null || resetSeconds === null) return;
      last = { share: remaining / limit, untilMs: now() + resetSeconds * 1000 };
    },
    shareLeft: () => (last !== null && now() < last.untilMs ? last.share : null),
  };
}
