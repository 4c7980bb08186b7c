import type { LastChecks, Settings } from "@mrdata/platform";
import type { ReportService, Times } from "@mrdata/report";
import { BY_ITSELF } from "../sweep/by-itself.ts";

const MAX_UNKNOWN_NAMED = 3;

/** Every service that has a mode or had an incident, armed ones first. `names`: by id, where known. */
export function servicesOf(
  settings: Settings,
  {
    names,
    checks,
    times,
  }: {
    readonly names: ReadonlyMap<string, string | null>;
    readonly checks: LastChecks | null;
    readonly times: Times;
  },
): readonly ReportService[] {
  const ids = new Set([...Object.keys(settings.services), ...names.keys()]);
  return [...ids]
    .map((service): ReportService => {
      const own = Object.hasOwn(settings.services, service) ? settings.services[service] : undefined;
      const { mode, policy, who, at, why } = own ?? { mode: "shadow", policy: null, who: "", at: 0, why: "" };
      const isOffByItself = mode === "shadow" && who === BY_ITSELF;
      const verdict = isOffByItself
        ? { kind: "bad" as const, sentence: "The bot disarmed it itself: fix that and arm it again." }
        : mode === "armed"
          ? verdictOf(service, checks, times)
          : { kind: "none" as const, sentence: "Only armed services are checked." };
      return { service, name: names.get(service) ?? null, mode, policy, who, at, why, verdict };
    })
    .sort((a, b) => rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b), "en"));
}

const rank = ({ mode }: ReportService): number => ["armed", "annotate", "shadow"].indexOf(mode);
const nameOf = ({ name, service }: ReportService): string => name ?? service;

/** A failed check disarms; an unknown one is named. */
function verdictOf(service: string, checks: LastChecks | null, times: Times): ReportService["verdict"] {
  if (checks === null) return { kind: "bad", sentence: "What the checks came to cannot be read." };
  const { answeredAt, unknown } = checks;
  const own = unknown.filter((one) => one.service === service);
  if (own.length > 0)
    return {
      kind: "bad",
      sentence: own
        .slice(0, MAX_UNKNOWN_NAMED)
        .map(({ check, sentence, since }) => `${check} is not known since ${times.clock(since)}: ${sentence}`)
        .join(" "),
    };
  return answeredAt === null
    ? { kind: "none", sentence: "The checks have not been made yet." }
    : { kind: "good", sentence: `All that must hold held at ${times.moment(answeredAt)}.` };
}
