// What tells how far a job is, without what does its tasks: a command that only reads starts in a fraction of the time.
export { doneOf } from "./done-of.ts";
export { type Done, historyFilesOf, openTasks, tasksInAll } from "./graph.ts";
