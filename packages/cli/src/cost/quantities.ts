/** What is paid for, in the units that Google counts. */
export type Quantities = Readonly<
  Record<
    | "requests"
    | "vcpuSeconds"
    | "gibSeconds"
    | "publishedGib"
    | "documentReads"
    | "documentWrites"
    | "documentDeletes"
    | "storedGib"
    | "pitrGib"
    | "backupGib"
    | "schedulerJobs"
    | "secretVersions"
    | "alertMetrics"
    | "alertPoints"
    | "logGib"
    | "imageGib",
    number
  >
>;

/** Documents that one incident of three events reads and writes: counted by test/pipeline/ledger-operations.test.ts. */
export const DOCUMENTS_PER_INCIDENT = { reads: 59, writes: 22 } as const;
/** Documents that a minute in which nothing happens reads and writes, by `sweep`: counted there too. */
export const DOCUMENTS_PER_SWEEP = { reads: 11, writes: 0.2 } as const;

export const EVENTS_PER_INCIDENT = 3;
const MINUTES = 30 * 24 * 60;
const PROBES = MINUTES / 5;
/** Sweep looks twice, ten seconds apart (`SECOND_LOOK_MS`), once it has a token and a user of the bot's. */
const SWEEP_SECONDS = 10.5;
/** A request's time on an instance that is warm, with Firestore's and PagerDuty's answers; not measured at Google. */
const SECONDS = { receive: 0.05, respond: 0.5, record: 0.2, probe: 0.5 } as const;
/** As the manifests say. */
const GIB = { receive: 0.25, respond: 0.5, record: 0.5, sweep: 0.5, probe: 0.25, learn: 2 } as const;
/** A training a week of some hundred tasks of a few seconds each. */
const LEARN_SECONDS = 4 * 600;
/** A webhook as PagerDuty sends it, once published and twice delivered; Pub/Sub counts 1,000 bytes at least. */
const MESSAGE_GIB = (3 * 4_000) / 2 ** 30;
/** An incident with its events, prediction, and their index entries, kept for 400 days. */
const INCIDENT_GIB = 30_000 / 2 ** 30;
const MONTHS_KEPT = 400 / 30;
/** Eight log entries of 300 bytes for each event and each sweep. */
const LOG_GIB = (8 * 300) / 2 ** 30;
/** Copies that are there at a time: seven days and fourteen weeks. */
const BACKUPS = 7 + 14;

/**
 * Metrics that the conditions of alarms name, each as often as it is named, by how they are evaluated: those in PromQL each minute,
 * Google's others twice a minute.
 */
export const ALERT_METRICS = { query: 49, other: 23 } as const;
/** Versions of secrets that hold something: PagerDuty's two, the probe's, the digest's. */
export const SECRET_VERSIONS = 4;

/** What so many incidents a month take, with everything on (`minInstances` 0). */
export function quantitiesOf(incidents: number): Quantities {
  const events = incidents * EVENTS_PER_INCIDENT;
  const passes = events + PROBES;
  const vcpuSeconds =
    passes * (SECONDS.receive + SECONDS.respond + SECONDS.record) +
    MINUTES * SWEEP_SECONDS +
    PROBES * SECONDS.probe +
    LEARN_SECONDS;
  const gibSeconds =
    passes * (SECONDS.receive * GIB.receive + SECONDS.respond * GIB.respond + SECONDS.record * GIB.record) +
    MINUTES * SWEEP_SECONDS * GIB.sweep +
    PROBES * SECONDS.probe * GIB.probe +
    LEARN_SECONDS * GIB.learn;
  const storedGib = incidents * MONTHS_KEPT * INCIDENT_GIB;
  return {
    requests: 3 * passes + MINUTES + PROBES + 30,
    vcpuSeconds,
    gibSeconds,
    publishedGib: passes * MESSAGE_GIB,
    documentReads: incidents * DOCUMENTS_PER_INCIDENT.reads + MINUTES * DOCUMENTS_PER_SWEEP.reads,
    documentWrites:
      incidents * DOCUMENTS_PER_INCIDENT.writes + MINUTES * DOCUMENTS_PER_SWEEP.writes + 2 * PROBES,
    // In the long run as many go as come: the incident, its events, its prediction.
    documentDeletes: incidents * (EVENTS_PER_INCIDENT + 2),
    storedGib,
    // What was changed within seven days is kept beside it; Google charges it by the size of the database.
    pitrGib: storedGib,
    backupGib: storedGib * BACKUPS,
    schedulerJobs: 4,
    secretVersions: SECRET_VERSIONS,
    alertMetrics: ALERT_METRICS.query + ALERT_METRICS.other,
    // One point each time, for all series are summed up; what was never counted returns none.
    alertPoints: MINUTES * (ALERT_METRICS.query + 2 * ALERT_METRICS.other),
    logGib: (passes + MINUTES) * LOG_GIB,
    imageGib: 1.5,
  };
}
