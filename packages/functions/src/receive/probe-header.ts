/** A request with this header is verified with the probe's secret only. PagerDuty sends no such header. */
export const PROBE_HEADER = "x-mrdata-probe";
