import type { RestLogEntry } from "@mrdata/pagerduty";
import { describe, expect, test } from "vitest";
import { levelByLog, wasMovedByBot } from "./incident-level.ts";

const BOT = "PBOT";
const entry = (type: string, agent: string | null = null): RestLogEntry => ({
  type,
  at: 0,
  agent,
  isByUser: agent !== null,
  user: null,
  channel: null,
});
/** Written as it happened; a log is newest first. */
const log = (...entries: readonly RestLogEntry[]) => entries.toReversed();
const opened = [entry("trigger"), entry("assign"), entry("notify")];
const escalated = (agent: string | null = null) => [entry("escalate", agent), entry("assign")];

describe("the level of an incident that waits on the bot, by its log", () => {
  test.each([
    ["just opened", log(...opened), 1],
    ["no log at all", log(), 1],
    ["escalated by the timer to the bot", log(...opened, ...escalated()), 2],
    ["and again by the bot itself", log(...opened, ...escalated(), ...escalated(BOT)), 3],
    [
      "begun again by its policy",
      log(...opened, ...escalated(), entry("repeat_escalation_path"), ...escalated()),
      1,
    ],
    [
      "and escalated after that",
      log(...opened, entry("repeat_escalation_path"), ...escalated(), ...escalated()),
      2,
    ],
    ["reopened", log(...opened, ...escalated(), entry("resolve"), entry("reopen", "PROBIN")), 1],
    ["moved to another policy", log(...opened, ...escalated(), entry("delegate", BOT), entry("assign")), 1],
    ["sent to the bot by a person", log(...opened, ...escalated(), ...escalated("PROBIN")), 1],
    ["acknowledged and given up", log(...opened, entry("acknowledge", "PROBIN"), entry("unacknowledge")), 1],
  ])("%s", (_, entries, level) => {
    expect(levelByLog(entries, BOT)).toBe(level);
  });
});

describe("who moved an incident last", () => {
  test("is decided by its last move, whatever else was written since", () => {
    expect(wasMovedByBot(log(...opened, ...escalated(BOT), entry("annotate", "PROBIN")), BOT)).toBe(true);
    expect(wasMovedByBot(log(...opened, ...escalated(BOT), entry("assign", "PROBIN")), BOT)).toBe(false);
    expect(wasMovedByBot(log(...opened, ...escalated()), BOT)).toBe(false);
    expect(wasMovedByBot(log(...opened), BOT)).toBe(false);
  });
});
