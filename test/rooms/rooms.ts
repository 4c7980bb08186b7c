import { dirname, join, relative } from "node:path";

/** Which rooms a room may use: the table of the design. */
export const below: Readonly<Record<string, readonly string[]>> = {
  base: [],
  incident: [],
  forest: [],
  vertex: [],
  pagerduty: ["incident"],
  platform: ["incident"],
  learning: ["forest", "incident"],
  responder: ["learning", "incident", "pagerduty"],
  simulator: ["incident", "pagerduty"],
  report: ["learning", "responder", "platform", "incident"],
  training: ["history", "report", "learning", "platform", "forest", "incident"],
  history: ["learning", "platform", "pagerduty", "incident"],
  runtime: ["platform", "pagerduty", "vertex"],
  doctor: ["responder", "learning", "runtime", "platform", "pagerduty"],
  functions: [
    "training",
    "history",
    "doctor",
    "runtime",
    "responder",
    "learning",
    "forest",
    "simulator",
    "report",
    "platform",
    "pagerduty",
    "vertex",
    "incident",
  ],
  cli: [
    "functions",
    "training",
    "history",
    "doctor",
    "runtime",
    "responder",
    "learning",
    "forest",
    "simulator",
    "report",
    "platform",
    "pagerduty",
    "vertex",
    "incident",
  ],
  infra: ["vertex", "pagerduty", "functions", "doctor", "platform", "learning"],
};

/** The doors of a package beside its main one. */
const doors: readonly string[] = [
  "platform/embedded",
  "platform/google",
  "platform/google/bus",
  "platform/google/credentials",
  "platform/google/model-manifest",
  "platform/google/read-manifest",
  "platform/google/document-store",
  "platform/google/history-files",
  "platform/google/model-store",
  "platform/google/secrets",
  "platform/google/result-store",
  "platform/google/results-prefix",
  "functions/standing",
  "training/standing",
  "training/threads",
  "vertex/authorization",
  "vertex/endpoint",
  "platform/ledger/ageing",
  "platform/ledger/capabilities",
  "platform/ledger/queries",
  "platform/log-events",
  "platform/without-credentials",
  "platform/secrets",
  "pagerduty/base-url",
  "pagerduty/needed-events",
  "pagerduty/nearest",
  "functions/bundle",
  "functions/manifests",
];

/** `base` stands below all rooms. */
export const mayUse = (room: string, other: string): boolean =>
  room === other || other === "base" || (below[room] ?? []).includes(other);

export const roomOf = (file: string): string =>
  file.startsWith("infra/") ? "infra" : (file.split("/")[1] ?? "");

export const importsOf = (source: string): readonly string[] =>
  [
    ...source.matchAll(
      /(?:^|[\s;])(?:import|export)\s[^;"']*?from\s*["']([^"']+)["']|(?:^|[\s;])import\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? "");

/** A sentence for every import of a file that breaks the rule. `file` is relative to the root, with slashes. */
export function violationsIn(file: string, source: string): readonly string[] {
  const room = roomOf(file);
  const home = room === "infra" ? "infra" : `packages/${room}`;
  return importsOf(source).flatMap((specifier) => {
    if (specifier.startsWith(".")) {
      const target = join(dirname(file), specifier);
      return relative(home, target).startsWith("..")
        ? [`${file} reaches into another room's files: ${specifier}`]
        : [];
    }
    const other = /^@mrdata\/(.+)$/.exec(specifier)?.[1];
    if (other === undefined) return [];
    const [name = ""] = other.split("/");
    if (other !== name && !doors.includes(other))
      return [`${file} goes past the door of ${name}: ${specifier}`];
    return mayUse(room, name) ? [] : [`${file}: ${room} may not use ${name}`];
  });
}
