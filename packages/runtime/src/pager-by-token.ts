import type { Log, Secrets } from "@mrdata/platform";
import type { Handler } from "./answer.ts";
import { reasonOf } from "./reason-of.ts";

type Ports = { readonly secrets: Secrets; readonly log: Log };

/**
 * The handler of a function that pages. The token may be set or removed while the function runs, so it is looked
 * up at every request: `without` handles it only if none is set. If the token cannot be read, it may still exist: this is
 * logged, and `withPager` handles the request, whose calls fail with the real reason.
 */
export const pagerByToken =
  (
    ports: Ports,
    { withPager, without }: { readonly withPager: Handler; readonly without: Handler },
  ): Handler =>
  async (request) =>
    (await mayHaveToken(ports)) ? withPager(request) : without(request);

async function mayHaveToken({ secrets, log }: Ports): Promise<boolean> {
  try {
    return Boolean(await secrets.get("pagerduty-token"));
  } catch (error) {
    log({ severity: "ERROR", event: "token.unreadable", reason: reasonOf(error) });
    return true;
  }
}
