import type { WindowRow } from "@mrdata/learning";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What hold windows would have come to, for people: a table, and what its certificates are worth. */
export function windowLines(windows: readonly WindowRow[], own?: number): readonly string[] {
  const rows = windows.map(({ windowSeconds, coverage, pagesSpared, realDelayed, certificate }) => {
    const name = `${windowSeconds / 60} min${windowSeconds * 1000 === own ? " *" : ""}`;
    const promise = certificate === null ? "no" : `at most ${percent(certificate.upperBound)} delayed`;
    return `${name.padEnd(14)}${percent(coverage).padEnd(9)}${percent(pagesSpared).padEnd(15)}${percent(realDelayed).padEnd(20)}${promise}`;
  });
  const delta = windows.find(({ certificate }) => certificate !== null)?.certificate?.delta;
  const each =
    delta === undefined ? "None can be certified" : `Each has a delta of ${Number(delta.toFixed(4))}`;
  return [
    "hold window   held     pages spared   real ones delayed   certified",
    ...rows,
    `From one replay. ${each}: whoever takes the best of ${windows.length} looks has to promise more.`,
  ];
}
