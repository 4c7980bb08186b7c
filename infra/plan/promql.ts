/**
 * Queries of Cloud Monitoring in PromQL (https://cloud.google.com/monitoring/promql/promql-mapping): the first `/` of a metric's
 * name is a colon there, and whatever is no letter or digit an underscore. Unlike a threshold or an absence, a query also
 * has an answer where nothing was ever counted.
 */
const nameOf = (type: string): string => {
  const slash = type.indexOf("/");
  const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9_]/g, "_");
  return `${plain(type.slice(0, slash))}:${plain(type.slice(slash + 1))}`;
};

export type Counted = {
  /** The metric's type: `logging.googleapis.com/user/mrdata/openings`. */
  readonly type: string;
  /** Ends the name where the metric is a distribution: `_count`, `_bucket`. */
  readonly part?: "" | "_count" | "_bucket";
  /** Labels of the metric or its resource, which have to have these values. */
  readonly labels?: Readonly<Record<string, string>>;
};

/**
 * How often something was counted within the time before now, compared at halves, for Prometheus interpolates; 0 where nobody ever counted it, for no answer would compare
 * with nothing, and an alarm would be silent.
 *
 * @example
 * ```ts
 * countWithin({ type: "run.googleapis.com/request_count" }, "5m").endsWith("[5m])) or vector(0))"); // => true
 * ```
 */
export const countWithin = (of: Counted, within: string): string =>
  `(sum(increase(${seriesOf(of)}[${within}])) or vector(0))`;

/** The age, size or the like that so large a share of what was counted does not exceed. */
export const quantileWithin = (share: number, of: Counted, within: string): string =>
  `histogram_quantile(${share}, sum by (le) (increase(${seriesOf({ ...of, part: "_bucket" })}[${within}])))`;

function seriesOf({ type, part = "", labels = {} }: Counted): string {
  const matchers = Object.entries({ monitored_resource: "cloud_run_revision", ...labels }).map(
    ([label, value]) => `${label}="${value}"`,
  );
  return `${nameOf(type)}${part}{${matchers.join(",")}}`;
}
