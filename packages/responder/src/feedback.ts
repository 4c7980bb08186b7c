/** What a person may say in a note that starts with `mrdata:`. */
export const feedbackWords = ["noise", "real", "never hold this", "ok to hold", "disarm"] as const;
export type FeedbackWord = (typeof feedbackWords)[number];

/** The word that a note's feedback (lower case, without `mrdata:`) begins with; null for anything else. */
export const wordOf = (feedback: string | null): FeedbackWord | null => {
  const text = feedback?.replace(/\s+/gu, " ").trim();
  if (text === undefined) return null;
  return (
    feedbackWords.find((word) => text === word || new RegExp(`^${word}[^\\p{L}\\p{N}]`, "u").test(text)) ??
    null
  );
};
