// What tells how the bot stands, without the functions themselves: a command that only reads starts in a third of the time.

export { newestOwnRate, type OwnRate } from "./respond/own-rate.ts";
export { JOBS_LOOKED_THROUGH, lastTraining, nextTrainingAt } from "./retrain/next-retrain.ts";
export { readBudget } from "./sweep/budget.ts";
export { BY_ITSELF } from "./sweep/by-itself.ts";
