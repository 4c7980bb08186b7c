export type { WaitingClock } from "./clock.ts";
export { durationMs } from "./duration.ts";
export { type Memo, type MemoOptions, memo } from "./memo.ts";
export { causeOf, codeOf, messageOf } from "./message-of.ts";
export { itemAt, outOfRange } from "./out-of-range.ts";
export { type RetryOptions, retry, type Tried } from "./retry.ts";
