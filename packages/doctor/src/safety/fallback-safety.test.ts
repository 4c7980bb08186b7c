import { expect, test } from "vitest";
import type { PolicyFacts } from "./facts.ts";
import { fallbackSafety } from "./fallback-safety.ts";
import { BOT, facts, HOUR, level, NOW, policy } from "./safety.fixture.ts";

const people = (change: Parameters<typeof policy>[0]) =>
  policy({ id: "PFALLBACK", name: "People only", levels: [level(15, { users: ["PALEX"] })], ...change });
const bySchedule = people({ levels: [level(15, { schedules: ["PROTA"] })] });
const rota = (shifts: readonly { readonly user: string; readonly start: number; readonly end: number }[]) =>
  new Map([["PROTA", { name: "Rota", shifts }]]);
const always = { start: NOW - HOUR, end: NOW + 15 * 24 * HOUR };

test.each<[string, Partial<PolicyFacts>, "ok" | "failed" | "unknown"]>([
  ["of people only is safe", {}, "ok"],
  ["that nobody set is not", { fallback: "unset" }, "failed"],
  ["that does not exist is not", { fallback: "missing" }, "failed"],
  ["that could not be read is not known", { fallback: null }, "unknown"],
  ["that is the armed one itself is not", { fallback: policy() }, "failed"],
  [
    "with the bot among people is not",
    { fallback: people({ levels: [level(15, { users: ["PALEX", BOT] })] }) },
    "failed",
  ],
  [
    "with the bot on one of its schedules is not",
    { fallback: bySchedule, rosters: rota([{ user: BOT, ...always }]) },
    "failed",
  ],
  [
    "of a program alone reaches nobody",
    { fallback: people({ levels: [level(15, { users: ["PROGRAM"] })] }) },
    "failed",
  ],
  [
    "by a schedule with somebody on it always is safe",
    { fallback: bySchedule, rosters: rota([{ user: "PALEX", ...always }]) },
    "ok",
  ],
  [
    "by a schedule that ends within the fortnight is not",
    { fallback: bySchedule, rosters: rota([{ user: "PALEX", start: NOW - HOUR, end: NOW + 24 * HOUR }]) },
    "failed",
  ],
  ["by a schedule that could not be read is not known", { fallback: bySchedule }, "unknown"],
  [
    "of a person and a schedule that could not be read is not known: the bot may be on it",
    { fallback: people({ levels: [level(15, { users: ["PALEX"], schedules: ["PROTA"] })] }) },
    "unknown",
  ],
])("a fallback policy %s", (_, change, state) => {
  const check = fallbackSafety(facts(change));
  expect(check.state).toBe(state);
  expect(check.fix === null).toBe(state === "ok");
});

test("the armed policy is no fallback for itself, and the message says so rather than naming its targets", () => {
  const { sentence } = fallbackSafety(facts({ fallback: policy() }));
  expect(sentence).toBe("The fallback policy is the armed policy itself, Database, Mr Data first (PARMED).");
});
