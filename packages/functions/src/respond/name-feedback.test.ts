import type { AlertTypeFeedback } from "@mrdata/incident";
import { describe, expect, it } from "vitest";
import { alarmKeysOf, keepFeedback, readFeedback } from "./name-feedback.ts";

type Word = NonNullable<AlertTypeFeedback["hold"]>;
const word = (allowed: boolean, at: number): Word => ({ allowed, at, who: "PROBIN", incident: `P${at}` });
const [A, B] = ["a.example.com is down", "b.example.com is down"];

function createFeedback() {
  const kept = new Map<string, Word>();
  const ledger = {
    alertTypeFeedback: async (key: string) => ({ hold: kept.get(key) ?? null }),
    noteFeedback: async (key: string, hold: Word) => void kept.set(key, hold),
  };
  return {
    ledger,
    say: (title: string, said: Word) => keepFeedback(ledger, alarmKeysOf("PSITES", title), said),
    heard: async (title: string) => (await readFeedback(ledger, "PSITES", title)).hold?.allowed ?? null,
  };
}

describe("a person's feedback on an alarm", () => {
  it("forbids all that has its words, and allows this very one", async () => {
    const { say, heard } = createFeedback();
    await say(A, word(false, 1));
    expect([await heard(A), await heard(B)]).toEqual([false, false]);
    await say(A, word(true, 2));
    expect([await heard(A), await heard(B)]).toEqual([true, false]);
    await say(B, word(false, 3));
    expect([await heard(A), await heard(B)]).toEqual([false, false]);
  });

  it("counts by its time, and at a tie the more careful", async () => {
    const { say, heard } = createFeedback();
    await say(A, word(true, 5));
    await say(A, word(false, 5));
    expect(await heard(A)).toBe(false);
    expect(await createFeedback().heard(A)).toBeNull();
  });

  it("that an earlier version kept under the alert type forbids still, and allows nothing new", async () => {
    const { ledger, heard } = createFeedback();
    const { alertType } = alarmKeysOf("PSITES", A);
    await ledger.noteFeedback(alertType, word(false, 1));
    expect(await heard(A)).toBe(false);
    await ledger.noteFeedback(alertType, word(true, 2));
    expect(await heard(A)).toBeNull();
  });
});
