import type { Severity } from "../pagerduty/index.ts";
import type { Random } from "./random.ts";

/** How one alarm of a service behaves. */
export type Monitor = {
  readonly kind: "flap" | "saturation" | "batch";
  readonly severity: Severity;
  /** Alarms a day, on a usual weekday. */
  readonly perDay: number;
  /** Share that only a person can fix. */
  readonly real: number;
  /** Of those that clear by themselves: median minutes and spread of the logarithm. */
  readonly minutes: number;
  readonly spread: number;
  /** Writes the title with what varies in it. */
  title(random: Random): string;
};

export type CatalogueService = { readonly name: string; readonly monitors: readonly Monitor[] };

const names = [
  "Checkout",
  "Payments",
  "Search",
  "Catalogue",
  "Accounts",
  "Sessions",
  "Orders",
  "Billing",
  "Warehouse",
  "Shipping",
  "Recommendations",
  "Mail",
  "Push messages",
  "Image store",
  "Edge cache",
  "Message bus",
  "Customer database",
  "Ledger database",
  "Reports",
  "Data lake",
  "Feature flags",
  "Build farm",
  "Kundenportal",
  "認証 (sign-in)",
] as const;

const regions = ["eu-1", "eu-2", "us-1", "ap-3"];
const host = (random: Random, stem: string): string =>
  `${stem}-${random.whole(1, 40)}.${random.pick(regions)}.example.net`;

type Title = (random: Random, stem: string) => string;

const flapping: readonly Title[] = [
  (random, stem) => `High latency on ${host(random, stem)}: p99 ${random.whole(900, 4_000)} ms`,
  (random, stem) => `Health check failed: ${host(random, stem)} (attempt ${random.whole(3, 9)})`,
  (random, stem) => `${random.whole(11, 60)} connection resets in 5 min on ${host(random, stem)}`,
  (random, stem) => `Pod ${stem}-${random.whole(0x100000, 0xffffff).toString(16)} restarted`,
  (random, stem) => `Antwortzeit von ${host(random, stem)} über ${random.whole(2, 9)} s`,
];
const saturating: readonly Title[] = [
  (random, stem) => `Disk ${random.whole(86, 99)}% full on ${host(random, stem)}`,
  (random, stem) => `Queue ${stem}.work holds ${random.whole(10_000, 90_000)} messages`,
  (random, stem) => `Memory of ${host(random, stem)} at ${random.whole(91, 99)}%`,
];
const nightly: readonly Title[] = [
  (random, stem) => `Nightly job ${stem}-export late by ${random.whole(5, 50)} min`,
  (random, stem) => `Backup of ${host(random, stem)} is slow`,
];

const slug = (name: string, place: number): string =>
  name
    .toLowerCase()
    .match(/[a-z]+/g)
    ?.join("-") ?? `svc-${place}`;

/** Invented services, each with alarms of its own character. At most as many as there are names. */
export function catalogueOf(random: Random, count: number): readonly CatalogueService[] {
  if (!Number.isInteger(count) || count < 1 || count > names.length)
    throw new RangeError(`an organisation has 1 to ${names.length} services, not ${count}`);
  return names.slice(0, count).map((name, place) => {
    const stem = slug(name, place);
    const titled = (choices: readonly Title[]) => {
      const title = random.pick(choices);
      return (draw: Random) => title(draw, stem);
    };
    // A few alarms are nearly pure noise and frequent; most are rare.
    const noisy = random.chance(0.6);
    const monitors: Monitor[] = [
      {
        kind: "flap",
        severity: "error",
        perDay: noisy ? random.between(1.2, 3.2) : random.between(0.05, 0.5),
        real: noisy ? random.between(0.005, 0.04) : random.between(0.1, 0.4),
        minutes: random.between(0.9, 2.4),
        spread: random.between(0.35, 0.8),
        title: titled(flapping),
      },
      {
        kind: "saturation",
        severity: "warning",
        perDay: random.between(0.1, 0.7),
        real: random.between(0.25, 0.8),
        minutes: random.between(3, 12),
        spread: random.between(0.6, 1.1),
        title: titled(saturating),
      },
    ];
    if (random.chance(0.4))
      monitors.push({
        kind: "batch",
        severity: "warning",
        perDay: random.between(0.4, 0.9),
        real: random.between(0.02, 0.2),
        minutes: random.between(2, 8),
        spread: 0.6,
        title: titled(nightly),
      });
    return { name, monitors };
  });
}
