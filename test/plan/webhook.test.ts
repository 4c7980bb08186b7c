import {
  createDeclaredWebhook,
  diffDeclaredWebhook,
  neededEvents,
  readDeclaredWebhook,
  switchWebhook,
  updateDeclaredWebhook,
  webhooksOf,
} from "@mrdata/pagerduty";
import { describe, expect, test } from "vitest";
import { SERVICE, smallAccount } from "../simulation/small-account.ts";
import { livePagerDuty } from "../support/live-pagerduty.ts";

const TOKEN = "a-token";
const declared = {
  url: "https://mrdata-receive-1.us-central1.run.app/",
  description: "Mr Data: dev",
  events: neededEvents,
  scope: "service_reference",
  scopeId: SERVICE,
};

async function calls() {
  const { url } = await livePagerDuty(smallAccount({ restTokens: [{ token: TOKEN, scopes: "full" }] }));
  return webhooksOf(TOKEN, url);
}

describe("a declared webhook subscription", () => {
  test("is silent until it is switched on, and has the secret that PagerDuty made", async () => {
    const pagerduty = await calls();
    const { id, outs } = await createDeclaredWebhook(pagerduty, declared);
    expect(outs.secret.length).toBeGreaterThan(10);
    expect(await pagerduty.getSubscription(id)).toMatchObject({
      active: false,
      events: [...neededEvents],
      url: declared.url,
    });
    await switchWebhook(pagerduty, id, true);
    expect((await pagerduty.getSubscription(id)).active).toBe(true);
    await switchWebhook(pagerduty, id, false);
    expect((await pagerduty.getSubscription(id)).active).toBe(false);
  });

  test("of which an earlier try made one and lost its secret is there once; somebody else's for the same URL stays", async () => {
    const pagerduty = await calls();
    const byHand = await createDeclaredWebhook(pagerduty, { ...declared, description: "made by hand" });
    const lost = await createDeclaredWebhook(pagerduty, declared);
    const { id } = await createDeclaredWebhook(pagerduty, declared);
    const there: string[] = [];
    for await (const subscription of pagerduty.listSubscriptions()) there.push(subscription.id);
    expect(there.toSorted()).toEqual([byHand.id, id].toSorted());
    expect(there).not.toContain(lost.id);
  });

  test("is read as it is, with the secret that is known; gone, it is null, and silent already", async () => {
    const pagerduty = await calls();
    const { id, outs } = await createDeclaredWebhook(pagerduty, declared);
    expect(await readDeclaredWebhook(pagerduty, id, outs)).toEqual(outs);
    await pagerduty.updateSubscription(id, { events: ["incident.triggered"] });
    expect(await readDeclaredWebhook(pagerduty, id, outs)).toEqual({
      ...outs,
      events: ["incident.triggered"],
    });
    await pagerduty.deleteSubscription(id);
    expect(await readDeclaredWebhook(pagerduty, id, outs)).toBeNull();
    await switchWebhook(pagerduty, id, false);
    await expect(switchWebhook(pagerduty, id, true)).rejects.toThrow("404");
  });

  test("is changed in its place but for its URL, whose change is another subscription", async () => {
    const pagerduty = await calls();
    const { id, outs } = await createDeclaredWebhook(pagerduty, declared);
    expect(diffDeclaredWebhook(outs, { ...declared, events: [...neededEvents].reverse() }).changes).toBe(
      false,
    );
    const described = { ...declared, description: "Mr Data: prod" };
    expect(diffDeclaredWebhook(outs, described)).toEqual({
      changes: true,
      replaces: [],
      deleteBeforeReplace: false,
    });
    expect(diffDeclaredWebhook(outs, { ...declared, url: "https://b.example/" }).replaces).toEqual(["url"]);
    expect(await updateDeclaredWebhook(pagerduty, id, outs, described)).toEqual({
      ...described,
      secret: outs.secret,
    });
    expect((await pagerduty.getSubscription(id)).description).toBe("Mr Data: prod");
  });
});
