import type { World } from "./world.ts";

/** PagerDuty's words for a service: what is worst of its open incidents. */
export function serviceStatus({ directory, open, clock }: World, id: string): string {
  if (directory.inMaintenance(id, clock.now())) return "maintenance";
  const own = [...open.values()].filter(({ service }) => service === id);
  if (own.some(({ status }) => status === "triggered")) return "critical";
  return own.length > 0 ? "warning" : "active";
}
