import { refusals } from "./errors.ts";
import type { By } from "./incident.ts";
import { close } from "./incidents.ts";
import { alertSlot, incidentOf, openIncidentOf, record, type World } from "./world.ts";

/**
 * Merges incidents into an open one: their alerts move over, and what was open of them is resolved with the merge as
 * its reason. Throws 1001 for a resolved target, 2001 for no sources or the target among them, 404 for an unknown one.
 */
export function merge(world: World, targetId: string, sourceIds: readonly string[], by: By): void {
  const target = openIncidentOf(world, targetId);
  const sources = [...new Set(sourceIds)].map((id) => incidentOf(world, id));
  if (sources.length === 0) throw refusals.invalid("Source incidents may not be empty");
  if (sources.includes(target)) throw refusals.invalid("An incident cannot be merged into itself");
  for (const source of sources) {
    const moved = source.alerts;
    source.alerts = [];
    for (const alert of moved) {
      target.alerts.push(alert);
      const slot = alertSlot(alert.service, alert.key);
      if (world.openAlerts.get(slot)?.alert === alert)
        world.openAlerts.set(slot, { incident: target, alert });
    }
    source.mergedInto = target.id;
    if (source.status !== "resolved") close(world, source, by);
    record(world, target, "merge", by, source.id);
  }
}
