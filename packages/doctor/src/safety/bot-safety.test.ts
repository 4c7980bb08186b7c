import { expect, test } from "vitest";
import { type BotFacts, botSafety } from "./bot-safety.ts";

const whole: BotFacts = {
  id: "PBOT",
  user: { id: "PBOT", name: "Mr Data", email: "mrdata@example.com", role: "limited_user" },
  contactMethods: [{ id: "C1", kind: "email" }],
  notificationRules: [{ urgency: "high", delay: 0, kind: "email" }],
  license: { id: "L1", name: "Professional", roleGroup: "FullUser" },
};
const failing = (change: Partial<BotFacts>) =>
  botSafety({ ...whole, ...change })
    .filter(({ state }) => state !== "ok")
    .map(({ name }) => name);

test.each([
  ["whole", {}, []],
  ["none is configured", { id: null, user: null }, ["bot-user"]],
  ["it was deleted", { user: null }, ["bot-user"]],
  [
    "a stakeholder by role",
    { user: { id: "PBOT", name: "", email: "", role: "read_only_user" } },
    ["bot-seat"],
  ],
  [
    "a stakeholder by licence",
    { license: { id: "L2", name: "Stakeholder", roleGroup: "Stakeholder" } },
    ["bot-seat"],
  ],
  ["no licences are shown", { license: null }, []],
  ["a telephone", { contactMethods: [{ id: "C2", kind: "phone" }] }, ["bot-quiet"]],
  ["a rule that rings", { notificationRules: [{ urgency: "high", delay: 0, kind: "sms" }] }, ["bot-quiet"]],
])("the bot's user: %s", (_, change, names) => {
  expect(failing(change)).toEqual(names);
});
