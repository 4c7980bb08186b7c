import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UNKNOWN } from "../gcp/wire.ts";

const KIND = "4dabf18193072939515e22adb298388d";

const state = z.object({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  dependencies: z.array(z.string()).nullish(),
  inputs: z.record(z.string(), z.unknown()).optional(),
});
const preview = z.object({
  steps: z.array(z.object({ op: z.string(), urn: z.string(), newState: state.optional() })),
});

const reviewed = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      parent: z.string().optional(),
      protect: z.boolean().optional(),
      retain: z.boolean().optional(),
      waitsFor: z.array(z.string()).optional(),
      inputs: z.record(z.string(), z.unknown()),
    }),
  ),
});

/** One resource of a plan, as far as the engine and the mocks both know it. */
export type Planned = {
  readonly name: string;
  readonly type: string;
  readonly parent: string | null;
  readonly protect: boolean;
  readonly retain: boolean;
  readonly waitsFor: readonly string[];
  readonly inputs: unknown;
};

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";
const isStack = (urn: string): boolean => urn.includes("pulumi:pulumi:Stack::");

/** The operations of `preview --json` by `op name`, without what stays as it is. */
export const stepsOf = (json: string): readonly string[] =>
  preview
    .parse(JSON.parse(json))
    .steps.filter(({ op, urn }) => op !== "same" && !isStack(urn))
    .map(({ op, urn }) => `${op} ${nameOf(urn)}`);

/** The engine's own plan. What waits for what is told with everything that its inputs name. */
export const enginePlan = (json: string): readonly Planned[] =>
  preview
    .parse(JSON.parse(json))
    .steps.flatMap(({ newState }) => (newState === undefined || isStack(newState.urn) ? [] : [newState]))
    .map(({ urn, type, parent, protect, retainOnDelete, dependencies, inputs }) => ({
      name: nameOf(urn),
      type,
      parent: parent === undefined || isStack(parent) ? null : nameOf(parent),
      protect: protect ?? false,
      retain: retainOnDelete ?? false,
      waitsFor: (dependencies ?? []).map(nameOf),
      inputs: inputs ?? {},
    }));

/** The plan that people reviewed, from test/golden. */
export const reviewedPlan = (text: string): readonly Planned[] =>
  reviewed.parse(JSON.parse(text)).resources.map((resource) => ({
    ...resource,
    parent: resource.parent ?? null,
    protect: resource.protect ?? false,
    retain: resource.retain ?? false,
    waitsFor: resource.waitsFor ?? [],
  }));

/**
 * A sentence for everything in which the engine's plan is not the reviewed one. The engine does not know yet what the
 * mocks make up (`.id`s), and hides what is secret: there the two cannot be told apart, and only that something is there
 * is compared.
 */
export function differences(engine: readonly Planned[], reviewedOnes: readonly Planned[]): readonly string[] {
  const place = ({ type, name }: Planned) => `${type} ${name}`;
  const found = new Map(engine.map((one) => [place(one), one]));
  const known = new Set(reviewedOnes.map(place));
  return [
    ...engine.filter((one) => !known.has(place(one))).map((one) => `${place(one)} was not reviewed`),
    ...reviewedOnes.flatMap((wanted) => {
      const one = found.get(place(wanted));
      if (one === undefined) return [`${place(wanted)} is not in the engine's plan`];
      const options = (["parent", "protect", "retain"] as const).filter((key) => one[key] !== wanted[key]);
      const early = wanted.waitsFor.filter((name) => !waits(one, name, engine));
      return [
        ...options.map((key) => `${place(one)}: ${key} is ${one[key]} and was reviewed as ${wanted[key]}`),
        ...early.map((name) => `${place(one)} does not wait for ${name}`),
        ...unlike(one.inputs, wanted.inputs, place(one)),
      ];
    }),
  ];
}

/** Who waits for a component waits for all that is in it. */
function waits(one: Planned, name: string, all: readonly Planned[]): boolean {
  if (one.waitsFor.includes(name)) return true;
  const children = all.filter(({ parent }) => parent === name);
  return children.length > 0 && children.every((child) => waits(one, child.name, all));
}

function unlike(engine: unknown, wanted: unknown, where: string): readonly string[] {
  const secret = isDeepStrictEqual(wanted, { secret: true });
  if (engine === UNKNOWN && wanted !== undefined) return [];
  if (secret && hasHidden(engine)) return [];
  if (secret) return [`${where} is shown, and was reviewed as a secret`];
  if (engine === UNKNOWN || engine === "[secret]")
    return [`${where} was reviewed as ${JSON.stringify(wanted)}, and the engine does not show it`];
  const [a, b] = [shown(engine), shown(wanted)];
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
    return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
      unlike(left.get(key), right.get(key), `${where}.${key}`),
    );
  }
  return a === b ? [] : [`${where} is ${JSON.stringify(a)} and was reviewed as ${JSON.stringify(b)}`];
}

/** The engine writes `[secret]` for a secret; the mocks mark the whole property that one is in. */
const hasHidden = (value: unknown): boolean =>
  value === "[secret]" ||
  (typeof value === "object" && value !== null && Object.values(value).includes("[secret]"));

/** Assets as the names of their files, and names without the hash of what they hold. */
function shown(value: unknown): unknown {
  if (typeof value === "string")
    return value.replaceAll(/-[0-9a-f]{32}(?=\.zip|\/)/g, "-HASH").replaceAll(/\b[0-9a-f]{64}\b/g, "HASH");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = new Map(Object.entries(value));
  if (fields.has(KIND) || fields.has("__pulumiAsset") || fields.has("__pulumiArchive")) {
    const path = fields.get("path");
    const assets = fields.get("assets");
    return typeof path === "string" ? basename(path) : (assets ?? "text");
  }
  fields.delete("__provider");
  return Object.fromEntries(fields);
}
