import { z } from "zod";
import type { Stack } from "../engine/harness/stack.ts";
import { stacks } from "../plan/stacks.ts";

/** The secrets that people set in the stack with everything on. */
export const planted: readonly string[] = [
  stacks.everything["mrdata:alertPagerDutyKey"],
  stacks.everything["mrdata:pagerDutyToken"],
  stacks.everything["mrdata:webhookSecret"],
];

/** The secret as it is, in base64 from any of the three places that it may begin at, and as hexadecimal. */
const shapesOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString("hex"),
  ...[0, 1, 2].map((lead) =>
    Buffer.from(" ".repeat(lead) + secret)
      .toString("base64")
      .slice(lead === 0 ? 0 : 4, -4),
  ),
];

/** `what: secret` for every secret that is in a text, in any shape. */
export const leaksOf = (secrets: readonly string[], texts: Iterable<readonly [string, string]>) =>
  [...texts].flatMap(([what, text]) =>
    secrets
      .filter((secret) => shapesOf(secret).some((shape) => text.includes(shape)))
      .map((secret) => `${what}: ${secret}`),
  );

const stateOf = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() })),
  }),
});

/** The signing secret that PagerDuty's stand-in made; only with the passphrase can it be read from the state. */
export async function madeByPagerDuty(stack: Stack): Promise<string> {
  const { stdout } = await stack.must(["stack", "export", "--show-secrets"]);
  const { resources } = stateOf.parse(JSON.parse(stdout)).deployment;
  const webhook = resources.find(({ type }) => type.endsWith("mrdata:WebhookSubscription"));
  const secret = z.object({ plaintext: z.string() }).parse(webhook?.outputs?.secret);
  return z.string().min(16).parse(JSON.parse(secret.plaintext));
}
