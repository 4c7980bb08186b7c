import type { DocumentData } from "../document-store.ts";

const disarmed = null;
const services = {
  PDATABASE: {
    mode: "armed",
    policy: "PARMED",
    who: "PROBIN",
    at: 1_770_000_000_000,
    why: "a quiet month",
  },
};
const ofSchema2 = {
  schema: 2,
  disarmed,
  services,
  neverHold: { services: [], priorities: ["P1"], urgencies: [], titles: ["payment*fail"] },
  hours: { zone: "Europe/Berlin", from: "22:00", to: "08:00", days: null },
  caps: { service: 3, all: 7 },
  novelty: 4,
  history: 9,
  storm: { seconds: 300, least: 8, times: 4 },
  control: 0.1,
  missBudget: 0.05,
  fallbackPolicy: "PPEOPLE",
  maintenance: [{ service: null, from: 1, to: 2, why: "an upgrade" }],
};

/**
 * Settings as stored by each version of this program, oldest first, each with PDATABASE armed, or meant to be. Never change one:
 * a new field gets a new document that has it.
 */
export const settingsSoFar: readonly (readonly [string, DocumentData])[] = [
  ["schema 1", { schema: 1, disarmed, services: { PDATABASE: { mode: "armed" } } }],
  ["schema 2", ofSchema2],
  ["schema 2 with guard rails' own settings", { ...ofSchema2, rails: { some: { minutes: 3 } } }],
  [
    "schema 2 with how versions are certified",
    { ...ofSchema2, rails: { some: { minutes: 3 } }, certificate: { delta: 0.05, days: 90 } },
  ],
  [
    "schema 2 with the database in which they were written",
    {
      ...ofSchema2,
      rails: { some: { minutes: 3 } },
      certificate: { delta: 0.05, days: 90 },
      home: "gcp:my-project/mrdata",
    },
  ],
];
