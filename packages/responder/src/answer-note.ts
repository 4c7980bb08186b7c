/** Prefix of the bot's answers to note commands. Distinct from the marker of decision notes, so that one is not taken for the other. */
export const ANSWER_MARKER = "Mr Data heard";

/** The bot's answers to note commands, so that whoever wrote one knows whether it took effect. */
export const answerNotes = {
  /** `services`: those that this note disarmed. `armedSince`: those that were armed after it was written and remain armed. */
  disarm: (services: readonly string[], armedSince: readonly string[] = []): string => {
    const off =
      services.length === 0
        ? `${ANSWER_MARKER} 'disarm': ${armedSince.length === 0 ? "nothing was armed any more." : "it disarmed nothing."}`
        : `${ANSWER_MARKER} 'disarm': off for ${services.join(", ")}. What is held is paged, and what comes is paged at once. On again, one by one: mrdata arm SERVICE --policy ID.`;
    return armedSince.length === 0
      ? off
      : `${off} STILL ARMED, by whoever armed it after this note: ${armedSince.join(", ")}. To switch that off, too, write the note again.`;
  },
  /** The settings cannot be read. */
  disarmUnread: (): string =>
    `${ANSWER_MARKER} 'disarm': kept. The settings cannot be read now, so nothing is held; once they can, nothing is armed that was armed before this note.`,
  neverHold: (): string =>
    `${ANSWER_MARKER} 'never hold this': noted, this alert is paged at once from now on. Lifted with the note 'mrdata: ok to hold', by somebody who is on call; 'mrdata vetoes' lists what notes forbid.`,
  okToHold: (): string =>
    `${ANSWER_MARKER} 'ok to hold': noted, a note no longer forbids to hold this alert.`,
  okRefused: (): string =>
    `${ANSWER_MARKER} 'ok to hold', and did not go by it: it counts only from somebody who is on call within the month and whom PagerDuty can ring.`,
} as const;
