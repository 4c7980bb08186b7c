import { type Attempts, readOr } from "./attempt.ts";
import type { CheckedPagerDuty, CheckOptions } from "./check-ports.ts";
import { botSafety, type Check, failed, ok, unknown } from "./safety/index.ts";

/** Checks that the bot's user exists, may be on call, and is notified by e-mail only. */
export async function checkBot(
  pagerduty: CheckedPagerDuty,
  { bot }: CheckOptions,
  attempt: Attempts,
): Promise<readonly Check[]> {
  if (bot === null)
    return botSafety({ id: null, user: null, contactMethods: [], notificationRules: [], license: null });
  const [user, methods, rules, license] = await Promise.all([
    attempt.of(() => pagerduty.getUser(bot)),
    attempt.of(() => pagerduty.listContactMethods(bot)),
    attempt.of(() => pagerduty.listNotificationRules(bot)),
    attempt.of(() => pagerduty.getLicense(bot)),
  ]);
  const unreadable = [user, methods, rules].find(({ kind }) => kind === "unreadable");
  if (unreadable?.kind === "unreadable")
    return [
      unknown(
        { name: "bot-user", subject: bot },
        `The bot's user could not be read: ${unreadable.reason}.`,
        "Run the checks again; the key needs to read users.",
      ),
    ];
  return botSafety({
    id: bot,
    user: readOr(user, null),
    contactMethods: readOr(methods, []),
    notificationRules: readOr(rules, []),
    license: readOr(license, null),
  });
}

/** Checks the key's permissions, and the user in whose name it acts. */
export async function checkToken(
  pagerduty: CheckedPagerDuty,
  { from }: CheckOptions,
  attempt: Attempts,
): Promise<Check> {
  const about = { name: "token" } as const;
  const access = await attempt.of(() => pagerduty.writeAccess());
  // A definite answer, not an outage: until the key is replaced, nobody can be paged.
  if (attempt.keyIsUnknown)
    return failed(
      about,
      "PagerDuty does not know the key: the bot could page nobody.",
      "Set MRDATA_PAGERDUTY_TOKEN to a REST API key of this account that was not revoked.",
    );
  if (access.kind !== "read")
    return unknown(
      about,
      `What the PagerDuty key may do could not be found out: ${access.kind === "unreadable" ? access.reason : "not found"}.`,
      "Set MRDATA_PAGERDUTY_TOKEN to a REST API key of this account, and run the checks again.",
    );
  if (access.value === "read-only")
    return failed(
      about,
      "The PagerDuty key may only read: the bot could page nobody.",
      "Set MRDATA_PAGERDUTY_TOKEN to a REST API key with full access (or to an OAuth app's with incidents.write).",
    );
  if (access.value === "unknown-requester")
    return failed(
      about,
      `PagerDuty has no user with the e-mail ${from ?? "(none is set)"}, in whose name the bot would page.`,
      "Set MRDATA_FROM to the e-mail of the bot's PagerDuty user.",
    );
  return ok(about, "The PagerDuty key may read and change incidents.");
}

/** With more skew than this, deadlines of a minute are meaningless. */
const MAX_SKEW_MS = 60_000;

export async function checkClock(pagerduty: CheckedPagerDuty, attempt: Attempts): Promise<Check> {
  const about = { name: "clock" } as const;
  const read = await attempt.of(() => pagerduty.clockAhead());
  const ahead = readOr(read, null);
  if (ahead === null)
    return unknown(
      about,
      "PagerDuty's clock could not be read.",
      "Run the checks again; a proxy on the way may take the Date header away.",
    );
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (Math.abs(ahead) <= MAX_SKEW_MS)
    return ok(about, `This clock and PagerDuty's differ by ${seconds} s at most.`);
  return failed(
    about,
    `This clock is ${seconds} s ${ahead > 0 ? "behind" : "ahead of"} PagerDuty's: holds would end at the wrong time.`,
    "Set this machine's clock by NTP: timedatectl set-ntp true.",
  );
}
