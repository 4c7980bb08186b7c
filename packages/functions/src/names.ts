/** The names of the 2019 talk. */
export const TOPIC = "pd-notify";
export const DEAD_TOPIC = "pd-notify-dead";
export const MODEL_SUBSCRIPTION = "pd-notify-model";
export const LEDGER_SUBSCRIPTION = "pd-notify-firestore";
/** Training tasks have a topic of their own. */
export const LEARN_TOPIC = "pd-learn";
export const LEARN_SUBSCRIPTION = "pd-learn-work";
