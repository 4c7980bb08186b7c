import type { Plan, Registered } from "./program.ts";

/** A plan as text for people to review: in a fixed order, and without what changes with every line of code. */
export function normalised({ resources, outputs }: Plan): string {
  const sorted = resources.toSorted((a, b) => compare(placeOf(a), placeOf(b)));
  return `${JSON.stringify({ resources: sorted.map(shown), outputs: withoutHashes(outputs) }, null, 2)}\n`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const placeOf = ({ parent, name, type }: Registered): string => `${parent ?? ""}/${name}/${type}`;

/** What is usual is left out. */
function shown(resource: Registered): Readonly<Record<string, unknown>> {
  const { name, type, parent, protect, retain, waitsFor, deleteBeforeReplace, inputs } = resource;
  return {
    name,
    type,
    ...(parent !== null && { parent }),
    ...(protect && { protect }),
    ...(retain && { retain }),
    ...(deleteBeforeReplace !== null && { deleteBeforeReplace }),
    ...(waitsFor.length > 0 && { waitsFor }),
    inputs: withoutHashes(inputs),
  };
}

/** Hashes of code and models, the folders of this machine, and the source text of dynamic providers are left out. */
function withoutHashes(value: unknown): unknown {
  if (typeof value === "string")
    return (
      value
        .replaceAll(/-[0-9a-f]{32}(?=\.zip|\/)/g, "-HASH")
        .replaceAll(/\b[0-9a-f]{64}\b/g, "HASH")
        // How long a model's files are changes with each change of the learner.
        .replaceAll(/("bytes": )\d+/g, "$1BYTES")
        .replace(/^(?:\.\.\/)+.*\/(?=v\d+\/)/, "FOLDER/")
    );
  if (Array.isArray(value)) return value.map(withoutHashes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => inner !== undefined && name !== "__provider")
      .sort(([a], [b]) => compare(a, b))
      .map(([name, inner]) => [name, withoutHashes(inner)]),
  );
}
