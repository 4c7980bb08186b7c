import { expect, test } from "vitest";
import { aPrediction } from "../support/predictions.ts";
import { heldUnseen } from "./judge.ts";

const MINUTE = 60_000;
const held = (decidedAt: number) =>
  new Map([["Q1", aPrediction({ incident: "Q1", decidedAt, holdUntil: decidedAt + MINUTE })]]);
const judged = (minute: number, armedAt: readonly number[]) =>
  heldUnseen({
    predictions: held(minute * MINUTE),
    unreadable: [{ from: 0, to: 60 * MINUTE }],
    armedAt: armedAt.map((at) => at * MINUTE),
  });

test("a hold where no policy could be read for 15 minutes, and for the four by which clocks differ, is noticed", () => {
  expect(judged(19, [-60])).toEqual([]);
  expect(judged(20, [-60])).toEqual([expect.stringMatching(/^Q1 was held when no policy could be read/)]);
  expect(judged(61, [-60])).toEqual([]);
});

test("who has just armed has looked at the policies", () => {
  expect(judged(30, [-60, 15])).toEqual([]);
  expect(judged(35, [-60, 15, 50])).toHaveLength(1);
});
