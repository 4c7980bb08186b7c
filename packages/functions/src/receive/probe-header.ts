/** Whoever sends it is judged by the probe's secret, and by no other. PagerDuty sends no such header. */
export const PROBE_HEADER = "x-mrdata-probe";
