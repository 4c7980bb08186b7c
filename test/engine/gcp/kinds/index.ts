import type { Kind } from "../kind.ts";
import { firestoreKinds } from "./firestore.ts";
import { functionKinds } from "./functions.ts";
import { monitoringKinds } from "./monitoring.ts";
import { projectKinds } from "./project.ts";
import { pubsubKinds } from "./pubsub.ts";
import { secretKinds } from "./secrets.ts";
import { storageKinds } from "./storage.ts";
import { vertexKinds } from "./vertex.ts";

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    ...projectKinds,
    ...storageKinds,
    ...pubsubKinds,
    ...firestoreKinds,
    ...secretKinds,
    ...functionKinds,
    ...monitoringKinds,
    ...vertexKinds,
  }),
);

/** Throws for a type that the double was not taught: it must not let pass what it knows no rules for. */
export function kindOf(type: string): Kind {
  const kind = kinds.get(type);
  if (kind === undefined) throw new Error(`the double of Google Cloud knows no ${type}: teach it its rules`);
  return kind;
}

export const knownTypes: readonly string[] = [...kinds.keys()];
