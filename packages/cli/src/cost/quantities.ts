/** Billed quantities per month, in the units of Google's price lists. */
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

/** Document reads and writes of an incident with three events, as counted by test/pipeline/ledger-operations.test.ts. */
export const DOCUMENTS_PER_INCIDENT = { reads: 59, writes: 22 } as const;
/** Document reads and writes of one idle run of `sweep`, counted there too. */
export const DOCUMENTS_PER_SWEEP = { reads: 11, writes: 0.2 } as const;

export const EVENTS_PER_INCIDENT = 3;
const MINUTES = 30 * 24 * 60;
const PROBES = MINUTES / 5;
/** Once a token and the bot's user are configured, sweep makes two passes ten seconds apart (`SECOND_LOOK_MS`). */
const SWEEP_SECONDS = 10.5;
/** Duration of a request on a warm instance, including Firestore and PagerDuty; an estimate, not measured at Google. */
const SECONDS = { receive: 0.05, respond: 0.5, record: 0.2, probe: 0.5 } as const;
/** As declared in the manifests. */
const GIB = { receive: 0.25, respond: 0.5, record: 0.5, sweep: 0.5, probe: 0.25, learn: 2 } as const;
/** One training a week, with some hundred tasks of a few seconds each. */
const LEARN_SECONDS = 4 * 600;
/** A typical webhook, published once and delivered twice; Pub/Sub bills at least 1,000 bytes. */
const MESSAGE_GIB = (3 * 4_000) / 2 ** 30;
/** An incident with its events, prediction, and their index entries, kept for 400 days. */
const INCIDENT_GIB = 30_000 / 2 ** 30;
const MONTHS_KEPT = 400 / 30;
/** Eight log entries of 300 bytes for each event and each sweep. */
const LOG_GIB = (8 * 300) / 2 ** 30;
/** Backups kept at a time: seven daily and fourteen weekly ones. */
const BACKUPS = 7 + 14;

/**
 * References to metrics in alarm conditions, by how often they are evaluated: PromQL conditions once a minute, Google's other
 * conditions twice a minute.
 */
export const ALERT_METRICS = { query: 49, other: 23 } as const;
/** Active secret versions: PagerDuty's two, the probe's, the digest's. */
export const SECRET_VERSIONS = 4;

/** The quantities for this many incidents a month, with every feature on and `minInstances` 0. */
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
    // In the long run as many documents expire as are written: the incident, its events, its prediction.
    documentDeletes: incidents * (EVENTS_PER_INCIDENT + 2),
    storedGib,
    // Point-in-time recovery keeps seven days of changes, and is billed by the size of the database.
    pitrGib: storedGib,
    backupGib: storedGib * BACKUPS,
    schedulerJobs: 4,
    secretVersions: SECRET_VERSIONS,
    alertMetrics: ALERT_METRICS.query + ALERT_METRICS.other,
    // Every evaluation returns one point, as all series are summed; a metric that was never written returns none.
    alertPoints: MINUTES * (ALERT_METRICS.query + 2 * ALERT_METRICS.other),
    logGib: (passes + MINUTES) * LOG_GIB,
    imageGib: 1.5,
  };
}
