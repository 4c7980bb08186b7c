// The modules that report the bot's state, without the functions themselves: a read-only command starts in a third of
// the time.

export { newestOwnRate, type OwnRate } from "./respond/own-rate.ts";
export { JOBS_LOOKED_THROUGH, lastTraining, nextTrainingAt } from "./retrain/next-retrain.ts";
export { readBudget } from "./sweep/budget.ts";
export { BY_ITSELF } from "./sweep/by-itself.ts";
