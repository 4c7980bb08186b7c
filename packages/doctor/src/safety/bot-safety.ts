import type { RestContactMethod, RestLicense, RestNotificationRule, RestUser } from "@mrdata/pagerduty";
import { type Check, failed, ok } from "./check.ts";
import { nameOf } from "./facts.ts";

/** Facts about the bot's user. */
export type BotFacts = {
  /** The configured PagerDuty id; null if none. */
  readonly id: string | null;
  /** Null if there is no such user. */
  readonly user: RestUser | null;
  readonly contactMethods: readonly RestContactMethod[];
  readonly notificationRules: readonly RestNotificationRule[];
  /** Null if the account or the key does not reveal it. */
  readonly license: RestLicense | null;
};

/** Checks that the bot's user exists, may be on call, and is notified by e-mail only. */
export function botSafety({
  id,
  user,
  contactMethods,
  notificationRules,
  license,
}: BotFacts): readonly Check[] {
  if (id === null)
    return [
      failed(
        { name: "bot-user" },
        "The bot has no PagerDuty user.",
        "Make a user for it in PagerDuty and set MRDATA_BOT_USER to its id, MRDATA_FROM to its e-mail.",
      ),
    ];
  if (user === null)
    return [
      failed(
        { name: "bot-user", subject: id },
        `PagerDuty has no user ${id}: what is assigned to it reaches nobody.`,
        "Make the bot's user again in PagerDuty and set MRDATA_BOT_USER to its id; take deleted users off all policies.",
      ),
    ];
  return [
    ok({ name: "bot-user", subject: id }, `The bot is ${nameOf(user)}.`),
    seatCheck(user, license),
    notificationCheck(user, contactMethods, notificationRules),
  ];
}

/** Stakeholders cannot be on call (PagerDuty Knowledge Base, User roles): `read_only_user` and `read_only_limited_user`. */
function seatCheck(user: RestUser, license: RestLicense | null): Check {
  const about = { name: "bot-seat", subject: user.id } as const;
  if (user.role.startsWith("read_only") || license?.roleGroup === "Stakeholder")
    return failed(
      about,
      `The bot's user ${nameOf(user)} is a stakeholder (${user.role}) and cannot be on call.`,
      `In PagerDuty, give ${nameOf(user)} a full licence and the role Responder.`,
    );
  return ok(about, `The bot's user has a seat: ${license?.name ?? `role ${user.role}`}.`);
}

/** A phone notification to the bot reaches nobody, and counts as an interruption. */
function notificationCheck(
  user: RestUser,
  methods: readonly RestContactMethod[],
  rules: readonly RestNotificationRule[],
): Check {
  const about = { name: "bot-quiet", subject: user.id } as const;
  const loud = [...new Set([...rules, ...methods].map(({ kind }) => kind))].filter(
    (kind) => kind !== "email",
  );
  if (loud.length === 0) return ok(about, "The bot is notified by e-mail alone.");
  return failed(
    about,
    `The bot is notified by ${loud.join(", ")} too: somebody's telephone may ring for what it holds.`,
    `In PagerDuty, remove every contact method and notification rule of ${nameOf(user)} but e-mail.`,
  );
}
