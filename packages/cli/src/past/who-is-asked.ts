/** Who would predict now, in words; `rate` where the alert type's own rate stands in. */
export const whoIsAsked = (model: string): string =>
  model === "rate" ? "the alert's own rate" : `the champion, ${model},`;
