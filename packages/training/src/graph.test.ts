import { trainedLearners } from "@mrdata/learning";
import { expect, test } from "vitest";
import { type Done, openedBy, openTasks, type TaskName, type TaskOutcome, tasksInAll } from "./graph.ts";

const outcome = (name: TaskName): TaskOutcome => ({
  result: name,
  ...(name.startsWith("read") && { more: name !== "read-1" }),
  ...(name === "draw" && { partitions: [2, 5], blocks: 3, windows: [60, 180] }),
});

/** Does one open task after the other, the last of those that are open first. */
function play(): readonly TaskName[] {
  const done = new Map<TaskName, TaskOutcome>();
  const order: TaskName[] = [];
  const open = new Set(openTasks(done));
  for (let name = [...open].at(-1); name !== undefined; name = [...open].at(-1)) {
    open.delete(name);
    done.set(name, outcome(name));
    order.push(name);
    for (const next of openedBy(name, done)) open.add(next);
  }
  return order;
}

test("a job is read to its end, drawn, replayed by partition, fitted by block and learner and for other windows, chosen, trained and published", () => {
  const order = play();
  expect(order.slice(0, 5)).toEqual(["read-0", "read-1", "draw", "features-5", "features-2"]);
  expect(order.filter((name) => name.startsWith("fit-"))).toHaveLength(3 * trainedLearners.length);
  expect(order.filter((name) => name.startsWith("window-")).toSorted()).toEqual(["window-180", "window-60"]);
  expect(order.slice(-3)).toEqual(["choose", "train", "publish"]);
  expect(new Set(order).size).toBe(order.length);
  const done: Done = new Map(order.map((name) => [name, outcome(name)]));
  expect(tasksInAll(done)).toBe(order.length);
  expect(openTasks(done)).toEqual([]);
});

test("a repeated call, as after a redelivery, returns the opened tasks again", () => {
  const done = new Map<TaskName, TaskOutcome>(
    ["read-0", "read-1", "draw"].map((name) => [name, outcome(name)]),
  );
  expect(openedBy("draw", done)).toEqual(["features-2", "features-5"]);
  expect(openedBy("draw", done)).toEqual(["features-2", "features-5"]);
  done.set("features-2", outcome("features-2"));
  expect(openedBy("features-2", done)).toEqual([]);
});
