export { type TrainHereOptions, trainHere } from "../train-here.ts";
export { openTaskThreads, type TaskFiles, type TaskThreads } from "./task-threads.ts";
