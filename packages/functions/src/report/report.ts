import { memo } from "@mrdata/base";
import type { Clock, Ledger, Log } from "@mrdata/platform";
import {
  alarmPage,
  html,
  incidentPage,
  page,
  type ReportData,
  type ReportLinks,
  reportPage,
} from "@mrdata/report";
import {
  answer,
  type Handler,
  type HandlerResponse,
  pageAnswer,
  readEnvironment,
  reasonOf,
} from "@mrdata/runtime";
import type { PromiseOf } from "./promise-of.ts";
import { type AlarmLedger, readAlarmReport, readIncidentReport } from "./read-alarm.ts";
import { readReport } from "./read-report.ts";
import { rememberClosed } from "./remember-closed.ts";

export { reportManifest } from "./manifest.ts";

export type ReportPorts = {
  readonly ledger: AlarmLedger & Pick<Ledger, "deployment">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly certificateOf: PromiseOf;
};

export type ReportHandlerOptions = {
  readonly windowMs: number;
  /** The pages' base path: `/report`, or empty where the host serves nothing else. */
  readonly base: string;
  /** The time zone for readers who name none; null: the zone of the settings' hours. */
  readonly timeZone: string | null;
  /** Whether a page reloads itself while the reader has not requested another. */
  readonly refreshes: boolean;
};

const DAY_MS = 86_400_000;
const MAX_DAYS = 31;
/** For this long a result is shared by identical requests. */
const SHARED_MS = 10_000;

/** The pages of the report. It answers GET, reads the ledger, and can change nothing. */
export function createReport(
  { ledger, clock, log, certificateOf }: ReportPorts,
  { windowMs, base, timeZone, refreshes }: ReportHandlerOptions,
): Handler {
  const now = () => clock.now();
  const remembering = rememberClosed(ledger, now);
  const links = linksAt(base);

  async function read(days: number, zone: string | null): Promise<ReportData> {
    const deployment = await ledger.deployment();
    const { MRDATA_RETRAIN: retrain } = readEnvironment({
      MRDATA_RETRAIN: deployment?.environment.MRDATA_RETRAIN,
      MRDATA_TARGET: "local:.",
    });
    return readReport(remembering, {
      now: now(),
      spanMs: days * DAY_MS,
      timeZone: zone,
      windowMs,
      retrain,
      certificateOf,
    });
  }

  const readShared = memo(read, { ttlMs: SHARED_MS, now, keyOf: (days, zone) => `${days} ${zone}` });

  async function answerTo(url: URL): Promise<HandlerResponse> {
    const zone = zoneAsked(url.searchParams.get("zone")) ?? timeZone;
    const [kind = "", id = "", ...rest] = url.pathname.split("/").slice(1).map(decoded);
    if (rest.length > 0) return notFound(links);
    const options = { now: now(), windowMs, timeZone: zone };
    if (kind === "") {
      const asked = url.searchParams.get("refresh");
      const isLive = asked === null ? refreshes : asked === "on";
      const data = await readShared(daysAsked(url.searchParams.get("days")), zone);
      return pageAnswer(200, reportPage(data, { links, isLive, hasControls: true }));
    }
    if (id === "") return notFound(links);
    if (kind === "incident") {
      const incident = await readIncidentReport(ledger, id, options);
      return incident === null ? notFound(links) : pageAnswer(200, incidentPage(incident, links));
    }
    if (kind === "alarm") {
      const alarm = await readAlarmReport(ledger, id, options);
      return alarm === null ? notFound(links) : pageAnswer(200, alarmPage(alarm, links));
    }
    return notFound(links);
  }

  return async ({ method, url }) => {
    if (method !== "GET" && method !== "HEAD")
      return answer(405, { error: "the report is read with GET: it can change nothing" });
    try {
      return await answerTo(new URL(url));
    } catch (error) {
      log({ severity: "ERROR", event: "function.failed", reason: reasonOf(error) });
      return pageAnswer(
        503,
        message("The report cannot be read now", "The ledger does not answer. Try again in a minute.", links),
      );
    }
  };
}

const linksAt = (base: string): ReportLinks => ({
  index: base === "" ? "/" : base,
  incident: (incident) => `${base}/incident/${encodeURIComponent(incident)}`,
  alarm: (alarm) => `${base}/alarm/${encodeURIComponent(alarm)}`,
});

const message = (title: string, text: string, { index }: ReportLinks): string =>
  page(
    `Mr Data: ${title}`,
    html`<main><h1>${title}</h1><p>${text}</p>${index === null ? "" : html`<p><a href="${index}">The report</a></p>`}</main>`,
  );

const notFound = (links: ReportLinks): HandlerResponse =>
  pageAnswer(
    404,
    message("Nothing is known of that", "No incident and no alarm of that name was recorded.", links),
  );

/** Null for a malformed URL component, which is then not found. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment).slice(0, 300);
  } catch {
    return "";
  }
}

/** Null for a zone that does not exist. */
function zoneAsked(text: string | null): string | null {
  try {
    return text ? new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone : null;
  } catch {
    return null;
  }
}

const USUAL_DAYS = 7;

function daysAsked(text: string | null): number {
  const days = Number(text ?? USUAL_DAYS);
  return Number.isInteger(days) && days >= 1 ? Math.min(MAX_DAYS, days) : USUAL_DAYS;
}
