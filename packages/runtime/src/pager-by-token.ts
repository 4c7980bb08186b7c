import type { Log, Secrets } from "@mrdata/platform";
import type { Handler } from "./answer.ts";
import { reasonOf } from "./reason-of.ts";

type Ports = { readonly secrets: Secrets; readonly log: Log };

/**
 * The handler of a function that pages. The token may be set, or taken away, while the function runs, so it is looked
 * up at every request: `without` answers only where none is set. One that cannot be read may still be there: this is
 * logged, and `withPager` answers, whose calls fail with the true reason.
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
