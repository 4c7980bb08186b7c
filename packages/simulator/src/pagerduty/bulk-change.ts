import { Refusal } from "./errors.ts";
import type { Incident } from "./incident.ts";
import type { World } from "./world.ts";

/**
 * Changes many incidents by one request, and answers with those that it changed. How a part of them is refused is not
 * documented: `bulkRefusal` of the faults chooses. Throws the first Refusal where that way reports one.
 */
export function bulkChange<T extends { readonly id: string }>(
  world: World,
  all: readonly T[],
  apply: (within: World, one: T) => void,
): readonly T[] {
  const way = world.bulkRefusal();
  if (way === "all") for (const one of all) apply(rehearsal(world, one.id), one);
  const changed: T[] = [];
  let refused: Refusal | null = null;
  for (const one of all) {
    try {
      apply(world, one);
      changed.push(one);
    } catch (error) {
      if (!(error instanceof Refusal) || way === "rest" || way === "all") throw error;
      refused ??= error;
    }
  }
  if (refused !== null && (way === "untold" || changed.length === 0)) throw refused;
  return changed;
}

/** The world as it is to one change, which then happens to nobody. */
function rehearsal(world: World, id: string): World {
  const known = world.incidents.get(id);
  const copy: Incident | undefined =
    known === undefined
      ? undefined
      : {
          ...known,
          alerts: known.alerts.map((alert) => ({ ...alert })),
          notes: [...known.notes],
          log: [...known.log],
          timers: new Map(),
        };
  return {
    ...world,
    clock: { ...world.clock, schedule: () => () => {} },
    incidents: new Map(copy === undefined ? [] : [[id, copy]]),
    open: new Map(copy === undefined || !world.open.has(id) ? [] : [[id, copy]]),
    openAlerts: new Map(),
    publish: () => {},
    notify: () => {},
    noteRestart: () => {},
  };
}
