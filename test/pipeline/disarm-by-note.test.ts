import { createPagerDuty } from "@mrdata/pagerduty";
import { armedServices, armingAt, disarmAll, withMode } from "@mrdata/platform";
import { expect, test } from "vitest";
import { disarmByNote } from "../../packages/cli/src/disarm/by-note.ts";
import { armed, clearNow, MINUTE, raise, SECOND, simulateAfterHistory } from "../simulation/armed-service.ts";
import { type Simulation, TOKEN } from "../simulation/simulated-bot.ts";
import { ARMED_POLICY, BOT, ROBIN, SERVICE, smallAccount } from "../simulation/small-account.ts";

const KEYS = {
  own: { token: "robins-own-key", scopes: "full" as const, user: ROBIN },
  bots: { token: "the-bots-own-key", scopes: "full" as const, user: BOT.id },
};
const account = smallAccount({ restTokens: [{ token: TOKEN, scopes: "full" }, KEYS.own, KEYS.bots] });

async function armedBot(): Promise<Simulation> {
  const simulation = await simulateAfterHistory({ account });
  await simulation.ledger.saveSettings(armed);
  return simulation;
}

/** Disarms by a note with the key while the simulation's time goes on. */
async function byNote(
  simulation: Simulation,
  key: string,
  change: Partial<Parameters<typeof disarmByNote>[1]> = {},
) {
  const { clock, pagerduty: double } = simulation;
  const { from = null } = change;
  const pagerduty = createPagerDuty({
    auth: { kind: "token", token: async () => key },
    from,
    clock,
    fetch: double.fetch,
  });
  const written: string[] = [];
  const asked = disarmByNote(
    { pagerduty, clock },
    {
      incident: null,
      why: "no log-in here",
      bot: BOT.id,
      from,
      waitMs: 90 * SECOND,
      onWritten: (incident) => void written.push(incident),
      ...change,
    },
  ).catch((error: unknown) => error);
  await clock.run(clock.now() + 3 * MINUTE);
  return { came: await asked, written };
}

test("the bot obeys a note by the caller's own key, and says so where the caller waits for it", async () => {
  const simulation = await armedBot();
  const incident = raise(simulation);
  await simulation.clock.run(simulation.clock.now() + 30 * SECOND);
  const { came, written } = await byNote(simulation, KEYS.own.token);
  expect(came).toMatchObject({
    incident,
    answer: expect.stringMatching(/^Mr Data heard 'disarm': off for PDATABASE\./),
  });
  expect(written).toEqual([incident]);
  expect((await simulation.ledger.settings()).disarmed).toMatchObject({ who: ROBIN });
  // One answer, however often the note is told, and the next disarming has one of its own.
  const answers = () =>
    simulation.pagerduty.incident(incident).notes.filter((note) => note.startsWith("Mr Data heard"));
  expect(answers()).toHaveLength(1);
  const again = await byNote(simulation, KEYS.own.token, { incident });
  expect(again.came).toMatchObject({ answer: expect.stringMatching(/heard 'disarm'/) });
  expect(answers()).toHaveLength(2);
});

test("where nothing is open it writes on the newest that was, and an account's key takes its writer's address", async () => {
  const simulation = await armedBot();
  const incident = raise(simulation);
  await simulation.clock.run(simulation.clock.now() + MINUTE);
  clearNow(simulation);
  await simulation.clock.run(simulation.clock.now() + MINUTE);
  expect((await byNote(simulation, TOKEN)).came).toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/an account's key.*MRDATA_FROM/),
  });
  const { came } = await byNote(simulation, TOKEN, { from: "robin@example.com" });
  expect(came).toMatchObject({ incident, answer: expect.stringContaining("off for PDATABASE") });
});

test("the bot's own key is refused before anything is written, and a dead bot is not taken for one that obeyed", async () => {
  const simulation = await armedBot();
  const incident = raise(simulation);
  const refused = await byNote(simulation, KEYS.bots.token);
  expect(refused.came).toMatchObject({
    message: expect.stringContaining("does not listen to its own notes"),
  });
  expect(refused.written).toEqual([]);
  simulation.pagerduty.removeSubscription(simulation.subscriptionId);
  expect((await byNote(simulation, KEYS.own.token)).came).toEqual({ incident, answer: null });
});

test("an account's key with the bot's own address is told at once that nothing was disarmed", async () => {
  const simulation = await armedBot();
  raise(simulation);
  const { came } = await byNote(simulation, TOKEN, { from: BOT.email });
  expect(came).toMatchObject({ message: expect.stringMatching(/is the bot's own.*nothing was disarmed/) });
});

test("what a clock that is ahead had disarmed, and a person armed again, a note disarms", async () => {
  const simulation = await armedBot();
  const { clock, ledger } = simulation;
  const ahead = { who: "ada", why: "tests", at: clock.now() + 30 * MINUTE };
  await ledger.saveSettings(disarmAll(armed, ahead));
  await clock.run(clock.now() + 5 * MINUTE);
  await ledger.changeSettings((settings) => {
    const at = armingAt(settings, SERVICE, clock.now());
    return withMode(settings, SERVICE, { mode: "armed", policy: ARMED_POLICY }, { ...ahead, at });
  });
  const { came } = await byNote(simulation, KEYS.own.token, { incident: raise(simulation) });
  expect(came).toMatchObject({ answer: expect.stringContaining("off for PDATABASE") });
  expect(armedServices(await ledger.settings())).toEqual([]);
});
