import { itemAt } from "@mrdata/base";
import type { AccountDescription, PolicyDescription, ServiceDescription } from "../pagerduty/index.ts";
import { catalogueOf } from "./catalogue.ts";
import type { Episode } from "./episode.ts";
import { deployEpisodes, monitorEpisodes, outageEpisodes, type Setting, stormEpisodes } from "./episodes.ts";
import { createRandom } from "./random.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** What every report that is made of this organisation says first. */
export const syntheticNotice =
  "This organisation is made up: its alarms, outages and people are drawn by chance from a seed. Its figures show how Mr Data works; they prove nothing about yours.";

export const BOT_USER = "PBOTMRDATA";
export const FALLBACK_POLICY = "PPOLICYFALLBACK";
export const ACCOUNT_TOKEN = "token-of-the-simulated-account";

export type OrganisationOptions = {
  readonly seed: number;
  /** Milliseconds since the epoch: from when to when things go wrong. */
  readonly from: number;
  readonly to: number;
  readonly services?: number;
  /** Multiplies how often something goes wrong. Default: 1. */
  readonly busy?: number;
  /** How long the bot's user stands alone on level 1 of every service's policy. Null: people only. */
  readonly bot: { readonly timeoutMinutes: number } | null;
};

export type Organisation = {
  readonly account: AccountDescription;
  /** By `startsAt`. */
  readonly episodes: readonly Episode[];
  readonly bot: { readonly id: string; readonly email: string };
  readonly fallbackPolicy: string;
};

const people = ["Robin", "Alex", "Sam", "Kim", "Noor", "Jules"].map((name) => ({
  id: `P${name.toUpperCase()}`,
  name,
  email: `${name.toLowerCase()}@example.com`,
}));
const manager = { id: "PMANAGER", name: "Charlie", email: "charlie@example.com" };
const bot = { id: BOT_USER, name: "Mr Data", email: "mrdata@example.com", bot: true };

/** A made-up organisation: who is on call for what, and everything that goes wrong in it. Pure: all from the seed. */
export function createOrganisation(options: OrganisationOptions): Organisation {
  const { seed, from, to, busy = 1 } = options;
  if (!(to > from)) throw new RangeError("an organisation needs a time to live in: `to` after `from`");
  const catalogue = catalogueOf(createRandom(seed, "catalogue"), options.services ?? 24);
  const services = catalogue.map((service, i) => ({
    ...service,
    id: `PSVC${String(i + 1).padStart(3, "0")}`,
  }));
  // One noisy alarm of the organisation turns real on the way.
  const noisiest = services.toSorted((a, b) => itemAt(b.monitors, 0).perDay - itemAt(a.monitors, 0).perDay)[2]
    ?.id;
  const episodes = services.flatMap((service) => {
    const setting: Setting = {
      from,
      to,
      busy,
      service: service.id,
      draw: (name) => createRandom(seed, `${service.id} ${name}`),
    };
    return [
      ...service.monitors.flatMap((monitor, place) =>
        monitorEpisodes(setting, monitor, place, place === 0 && service.id === noisiest),
      ),
      ...deployEpisodes(setting, service),
      ...outageEpisodes(setting, service),
    ];
  });
  const storms = stormEpisodes({ from, to, busy }, services, (name) => createRandom(seed, name));
  return {
    account: accountOf(services, options),
    episodes: [...episodes, ...storms]
      .filter(({ startsAt }) => startsAt < to)
      .toSorted((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1)),
    bot: { id: bot.id, email: bot.email },
    fallbackPolicy: FALLBACK_POLICY,
  };
}

function accountOf(
  services: readonly { readonly id: string; readonly name: string }[],
  { from, bot: first }: OrganisationOptions,
): AccountDescription {
  const rotation = (id: string, name: string, shift: number) => ({
    id,
    name,
    layers: [
      {
        start: Math.floor(from / WEEK) * WEEK - WEEK,
        turn: WEEK,
        users: people.map((_, i) => people[(i + shift) % people.length]?.id ?? manager.id),
      },
    ],
  });
  const schedule = (id: string) => [{ type: "schedule", id } as const];
  const rules: PolicyDescription["rules"] = [
    { delayMinutes: 5, targets: schedule("PPRIMARY") },
    { delayMinutes: 10, targets: schedule("PSECONDARY") },
    { delayMinutes: 15, targets: [{ type: "user", id: manager.id }] },
  ];
  const botRule = {
    delayMinutes: first?.timeoutMinutes ?? 5,
    targets: [{ type: "user", id: bot.id } as const],
  };
  return {
    users: [...people, manager, bot],
    schedules: [rotation("PPRIMARY", "Primary", 0), rotation("PSECONDARY", "Secondary", 2)],
    policies: [
      ...services.map(({ id, name }) => ({
        id: `PPOLICY${id}`,
        name: first === null ? name : `${name}, Mr Data first`,
        repeat: 2,
        rules: first === null ? rules : [botRule, ...rules],
      })),
      { id: FALLBACK_POLICY, name: "People only", repeat: 2, rules },
    ],
    services: services.map(
      ({ id, name }, i): ServiceDescription => ({
        id,
        name,
        policyId: `PPOLICY${id}`,
        urgency: "high",
        autoResolveTimeout: i % 3 === 0 ? (4 * HOUR) / 1_000 : null,
        acknowledgementTimeout: i % 2 === 0 ? HOUR / 1_000 : null,
        // Every fourth service is worked on early on Sundays.
        maintenance: i % 4 === 0 ? sundays(from) : [],
      }),
    ),
    priorities: [
      { id: "PPRIORITY1", name: "P1" },
      { id: "PPRIORITY2", name: "P2" },
    ],
    restTokens: [{ token: ACCOUNT_TOKEN, scopes: "full" }],
  };
}

/** A year of Sundays, 3:00 to 4:00 UTC. The epoch began on a Thursday. */
const sundays = (from: number) =>
  Array.from({ length: 52 }, (_, i) => {
    const start = (Math.floor(from / WEEK) + i) * WEEK + 3 * DAY + 3 * HOUR;
    return { start, end: start + HOUR };
  });
