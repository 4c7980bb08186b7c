import type { PastIncident } from "@mrdata/incident";

/** A history that is made as it is read, so that ten million incidents take no room of their own. */
export const READ = 50_000;
const SERVICES = 2_000;
const START = Date.parse("2016-01-01T00:00:00Z");
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const titles = [
  "Disk of db-17 91% full",
  "Checkout answers 503",
  "Queue lags on eu-west-1",
  "Replica 4 lags",
];

/** Thomas Wang's mixing of 32 bits, so that the n-th incident is known without those before it. */
function mixed(n: number): number {
  let bits = n | 0;
  bits = Math.imul(bits ^ 61 ^ (bits >>> 16), 9);
  bits = Math.imul(bits ^ (bits >>> 4), 0x27d4eb2d);
  return (bits ^ (bits >>> 15)) >>> 0;
}
const share = (n: number, salt: number): number => mixed(n + Math.imul(salt, 0x9e3779b1)) / 2 ** 32;

/** A few services have most incidents, and many have few: the largest one some 8 % of all. */
export const serviceOf = (i: number): string => `PSVC${Math.floor(SERVICES * share(i, 1) ** 3)}`;

/** The i-th incident of one every thirty seconds. From `filesFrom` on they are of a file, and as old as the others. */
export function largeIncident(
  i: number,
  { count, filesFrom }: { readonly count: number; readonly filesFrom: number },
): PastIncident {
  const openedAfter = i < filesFrom ? i : Math.floor(share(i, 2) * count);
  const createdAt = START + 30 * SECOND * openedAfter;
  const isItself = share(i, 3) < 0.6;
  return {
    id: `Q${i.toString(36).toUpperCase().padStart(13, "0")}`,
    service: serviceOf(i),
    title: titles[mixed(i) % titles.length] ?? "",
    createdAt,
    resolvedAt: createdAt + (isItself ? 2 : 50) * MINUTE,
    resolvedBy: isItself ? "integration" : "human",
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    urgency: "high",
    details: {
      load: Math.round(100 * share(i, 4)),
      region: ["eu-west-1", "us-east-1"][i % 2] ?? "",
      check: `check ${mixed(i) % 40}`,
    },
  };
}
