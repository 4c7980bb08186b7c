import { expect, test } from "vitest";
import { endpointSentence, endpointUse } from "./endpoint-use.ts";

const both = {
  scoredBy: "both" as const,
  verdicts: [{ name: "endpoint", allowsHold: true, sentence: "The endpoint says the same." }],
};
const late = {
  scoredBy: "process" as const,
  verdicts: [
    { name: "storm", allowsHold: true, sentence: "No storm." },
    {
      name: "endpoint",
      allowsHold: true,
      sentence: "The score of this process counts: it did not answer within 500 ms.",
    },
  ],
};
const unasked = { verdicts: [] };

test.each([
  ["that is not there, or was not asked about anything", [unasked, unasked], null],
  ["whose answers count", [both, unasked, both], { asked: 2, counted: 2, newest: null }],
  ["that is always late", [late, late], { asked: 2, counted: 0, newest: late.verdicts[1]?.sentence }],
  ["that was late once", [both, late], { asked: 2, counted: 1, newest: null }],
  [
    "that has just gone away",
    [late, both, both],
    { asked: 3, counted: 2, newest: late.verdicts[1]?.sentence },
  ],
] as const)("of an endpoint %s", (_, predictions, wanted) => {
  expect(endpointUse(predictions)).toEqual(wanted);
});

test("it is said in a sentence, with what to do where the newest answer did not count", () => {
  expect(endpointSentence({ asked: 1, counted: 1, newest: null })).toBe(
    "asked about one hold of the last 30 days, and all of its answers counted.",
  );
  expect(endpointSentence({ asked: 12, counted: 0, newest: "It asked another model." })).toBe(
    "asked about 12 holds of the last 30 days, and none of its answers counted. The newest did not: It asked another model. It serves the version of 'modelFolder': after a new champion declare that, or set 'hosting' to none.",
  );
  expect(endpointSentence({ asked: 12, counted: 5, newest: null })).toMatch(
    /and 5 of its answers counted\.$/,
  );
});
