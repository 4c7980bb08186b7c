import type { ClientClock } from "./retry.ts";
import type { Send } from "./send.ts";

/** The share of the minute's requests left to others: the bot itself shares the key's limit. */
const LEFT_TO_OTHERS = 0.2;

/**
 * A fetch that slows down before the rate limit is reached: once less than a fifth of the minute's requests remains
 * (`ratelimit-remaining` of `ratelimit-limit`), it waits for the limit to reset (`ratelimit-reset`, seconds).
 */
export function pacedFetch(send: Send, clock: ClientClock): Send {
  let until = 0;
  return async (url, request) => {
    const wait = until - clock.now();
    if (wait > 0) await clock.sleep(wait);
    const response = await send(url, request);
    const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) => {
      const text = response.headers.get(`ratelimit-${name}`);
      return text === null ? Number.NaN : Number(text);
    });
    if (
      limit !== undefined &&
      remaining !== undefined &&
      reset !== undefined &&
      remaining < LEFT_TO_OTHERS * limit
    )
      until = clock.now() + reset * 1_000;
    return response;
  };
}
