/** Who disarmed, where the bot did so itself. */
export const BY_ITSELF = "Mr Data";
