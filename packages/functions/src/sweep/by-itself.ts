/** The recorded author where the bot disarmed itself. */
export const BY_ITSELF = "Mr Data";
