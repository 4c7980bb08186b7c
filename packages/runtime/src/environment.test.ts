import { expect, test } from "vitest";
import { readEnvironment } from "./environment.ts";

test("one error names every invalid variable, the problem and the expected format", () => {
  const wrong = {
    MRDATA_TARGET: "somewhere",
    MRDATA_WINDOW: "five minutes",
    MRDATA_RETENTION: "long",
    MRDATA_WEBHOOK_URL: "ftp://hooks.example",
  };
  expect(() => readEnvironment(wrong)).toThrow(
    new Error(
      "the environment is wrong: " +
        "MRDATA_TARGET is wrong: 'somewhere' is not a target: expected local:DIR or gcp:PROJECT/DATABASE; " +
        "MRDATA_WINDOW is wrong: 'five minutes' is not a duration: write it like 90s, 30m, 1h or 7d; " +
        "MRDATA_WEBHOOK_URL is not a URL that begins with https:// or http://; " +
        "MRDATA_RETENTION is wrong: 'long' is not a duration: write it like 90s, 30m, 1h or 7d",
    ),
  );
});

test("a missing target is reported, and an empty variable counts as unset", () => {
  expect(() => readEnvironment({})).toThrow(/MRDATA_TARGET is not set: expected local:DIR/);
  const { MRDATA_WINDOW, MRDATA_BOT_USER } = readEnvironment({
    MRDATA_TARGET: "local:.",
    MRDATA_WINDOW: "",
    MRDATA_BOT_USER: "",
  });
  expect({ MRDATA_WINDOW, MRDATA_BOT_USER }).toEqual({ MRDATA_WINDOW: 300_000, MRDATA_BOT_USER: null });
});

test.each(["0 3 * * 1", "weekly", "60"])(
  "a training interval of '%s' is rejected with the expected format",
  (every) => {
    expect(() => readEnvironment({ MRDATA_TARGET: "local:.", MRDATA_RETRAIN: every })).toThrow(
      new Error(
        `the environment is wrong: MRDATA_RETRAIN is wrong: '${every}' is neither off nor how often: write it like 7d`,
      ),
    );
  },
);

test.each([
  ["7d", 7 * 86_400_000],
  ["schedule", "schedule"],
  ["off", null],
  ["", null],
])("the training interval is read: '%s'", (every, read) => {
  expect(readEnvironment({ MRDATA_TARGET: "local:.", MRDATA_RETRAIN: every }).MRDATA_RETRAIN).toBe(read);
});

test("a URL with a user, a password or anything after its path is rejected without showing its content", () => {
  for (const name of ["MRDATA_PAGERDUTY_URL", "MRDATA_WEBHOOK_URL"]) {
    const read = () =>
      readEnvironment({ MRDATA_TARGET: "local:.", [name]: "https://robin:planted@gateway.example" });
    expect(read).toThrow(`${name} holds a user or a password`);
    expect(read).not.toThrow("planted");
  }
  expect(() =>
    readEnvironment({
      MRDATA_TARGET: "local:.",
      MRDATA_PAGERDUTY_URL: "https://gateway.example/?key=planted",
    }),
  ).toThrow("MRDATA_PAGERDUTY_URL ends with a query or a fragment");
});
