/** How long events stay in the topic and its subscriptions, to be replayed, milliseconds. */
export const REPLAYABLE = 7 * 86_400_000;

/** As Google's APIs want a duration: whole seconds. */
export const secondsOf = (milliseconds: number): string => `${Math.round(milliseconds / 1000)}s`;
