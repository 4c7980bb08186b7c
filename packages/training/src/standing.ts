// A job's progress without the code that runs its tasks, so that a command that only reads starts much faster.
export { doneOf } from "./done-of.ts";
export { type Done, historyFilesOf, openTasks, tasksInAll } from "./graph.ts";
