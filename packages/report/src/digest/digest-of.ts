import { displayText, safeLink } from "../operation/display-text.ts";
import { earlierOf } from "../operation/earlier.ts";
import { noisyMonitors } from "../operation/noisy-monitors.ts";
import { plural } from "../operation/parts.ts";
import { figuresOf } from "../operation/period-figures.ts";
import type { ReportData, ReportIncident } from "../operation/report-data.ts";
import { shortDuration, timesIn } from "../operation/times.ts";

/** A line of a digest; `link`: an https address or null. */
export type DigestLine = { readonly text: string; readonly link: string | null };

/** The weekly digest: a headline, and sections of lines. */
export type Digest = {
  readonly title: string;
  readonly headline: string;
  readonly sections: readonly { readonly heading: string; readonly lines: readonly DigestLine[] }[];
};

const MAX_LATE = 10;
const MAX_MONITORS = 5;
const MAX_CHANGES = 8;
const DAY_MS = 86_400_000;

/** Builds the digest: figures, late pages by name, monitors to fix, miss budget, and changes. */
export function digestOf(data: ReportData): Digest {
  const { at, since, incidents } = data;
  const times = timesIn(data.timeZone);
  const { spared, late, controls, paged } = figuresOf(incidents, { from: since, to: at + 1 });
  const days = Math.max(1, Math.round((at - since) / DAY_MS));
  return {
    title: `Mr Data, ${times.day(since)} to ${times.day(at)} (${data.timeZone})`,
    headline:
      data.disarmed !== null
        ? `The bot is disarmed, by ${displayText(data.disarmed.who, "somebody")}: ${displayText(data.disarmed.why, "no reason was given")}`
        : `${plural(spared.length, "page")} spared, ${late.length === 0 ? "none" : late.length} late, in ${plural(days, "day")}`,
    sections: [
      {
        heading: "In figures",
        lines: [
          plain(
            `${plural(incidents.length, "incident")}: ${spared.length} spared, ${late.length} late, ${paged} paged, ${plural(controls.length, "control")}.`,
          ),
          ...(data.isCut ? [plain("Only the newest are counted.")] : []),
          ...earlierLines(data),
        ],
      },
      {
        heading: "Late, by name",
        lines:
          late.length === 0
            ? [plain("Nobody was paged late.")]
            : [
                ...late.slice(0, MAX_LATE).map((one) => lateLine(one, times.moment(one.openedAt))),
                ...more(late.length - MAX_LATE),
              ],
      },
      { heading: "Monitors to fix", lines: monitorLines(data) },
      { heading: "Miss budget", lines: budgetLines(data) },
      { heading: "What changed", lines: changeLines(data) },
    ],
  };
}

function earlierLines(data: ReportData): readonly DigestLine[] {
  const last = earlierOf(data);
  return last === null ? [] : [plain(`${last.sentence} With ${last.option} that time is told.`)];
}

const plain = (text: string): DigestLine => ({ text, link: null });
const more = (count: number): readonly DigestLine[] => (count > 0 ? [plain(`and ${count} more`)] : []);

const lateLine = (
  { title, service, serviceName, heldSeconds, pagerDutyUrl }: ReportIncident,
  when: string,
): DigestLine => ({
  text: `${when}: ${displayText(title)} (${displayText(serviceName, service)}), by ${shortDuration(heldSeconds)}`,
  link: safeLink(pagerDutyUrl),
});

function monitorLines({ incidents, at }: ReportData): readonly DigestLine[] {
  const all = noisyMonitors(incidents, at);
  if (all.length === 0) return [plain("No alarm paged people for something that resolved itself.")];
  return [
    ...all
      .slice(0, MAX_MONITORS)
      .map(({ title, service, serviceName, wakings, openSeconds }) =>
        plain(
          `${displayText(title)} (${displayText(serviceName, service)}): paged ${wakings === 1 ? "once" : `${wakings} times`} for nothing, open for ${shortDuration(openSeconds)} together`,
        ),
      ),
    ...more(all.length - MAX_MONITORS),
  ];
}

function budgetLines({ budget, settingsProblem }: ReportData): readonly DigestLine[] {
  if (budget === null)
    return [plain(`Nothing is held: ${settingsProblem ?? "the settings cannot be read"}.`)];
  const { sentence, exceeded, warning } = budget;
  return [sentence, exceeded ?? warning].flatMap((text) => (text === null ? [] : [plain(text)]));
}

/** Changes in the period by people and by training. */
function changeLines({ services, since, forbidden, models }: ReportData): readonly DigestLine[] {
  const lines = [
    ...services
      .filter(({ at }) => at >= since)
      .map(({ name, service, mode, who, why }) =>
        plain(
          `${displayText(name, service)} is ${mode}, by ${displayText(who, "somebody")}${why === "" ? "" : `: ${displayText(why)}`}`,
        ),
      ),
    ...forbidden
      .filter(({ at }) => at >= since)
      .map(({ title, who, incident }) =>
        plain(
          `${displayText(title)} is never held, by ${displayText(who, "somebody")}, in a note on ${incident}`,
        ),
      ),
    ...models.drifted.map(plain),
    ...(models.champion === null ? [] : [plain(`The champion is ${models.champion}.`)]),
    ...(models.paused === null ? [] : [plain(`Nothing becomes champion by itself: ${models.paused}`)]),
  ];
  return lines.length === 0
    ? [plain("Nothing.")]
    : [...lines.slice(0, MAX_CHANGES), ...more(lines.length - MAX_CHANGES)];
}
