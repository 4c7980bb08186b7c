import type { Registered } from "../plan/program.ts";
import type { StackName } from "../plan/stacks.ts";

/** A plan with the settings that matter to rules. */
export type Ruled = {
  readonly stack: StackName;
  readonly resources: readonly Registered[];
  readonly protect: boolean;
};

/** Breaks a plan in one way; what it cannot break it gives back as it is. */
export type Fault = (resources: readonly Registered[]) => readonly Registered[];

/** What must hold of every plan. */
export type Rule = {
  readonly name: string;
  /** Where it is written down, if it is Google's and not ours. */
  readonly source?: string;
  /** A sentence for each resource that breaks it. */
  readonly broken: (plan: Ruled) => readonly string[];
  /** Each must be noticed; `everything` is what is broken. */
  readonly faults: readonly Fault[];
};

const short = (type: string): string => type.split(":").at(-1) ?? type;

/** The resources of a type, named by the end of its token: `Bucket`. */
export const ofType = (
  resources: readonly Registered[],
  ...types: readonly string[]
): readonly Registered[] => resources.filter(({ type }) => types.includes(short(type)));

/** A rule over every resource of some types, one at a time. `check` answers with what is wrong, or null. */
export function each(
  name: string,
  types: readonly string[],
  check: (inputs: Registered["inputs"], resource: Registered) => string | null,
  faults: readonly Fault[],
  source?: string,
): Rule {
  return {
    name,
    ...(source !== undefined && { source }),
    faults,
    broken: ({ resources }) =>
      ofType(resources, ...types).flatMap((resource) => {
        const wrong = check(resource.inputs, resource);
        return wrong === null ? [] : [`${resource.name}: ${wrong}`];
      }),
  };
}

/** The value at a path such as `serviceConfig.timeoutSeconds`, or undefined. */
export function at(value: unknown, path: string): unknown {
  let here: unknown = value;
  for (const key of path.split("."))
    here = typeof here === "object" && here !== null ? Reflect.get(here, key) : undefined;
  return here;
}

export const textAt = (value: unknown, path: string): string => String(at(value, path) ?? "");

function withAt(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.map((inner, i) => (String(i) === key ? withAt(inner, rest, to) : inner));
  const inner: unknown = typeof value === "object" && value !== null ? value : {};
  return { ...Object(inner), [key]: withAt(Reflect.get(Object(inner), key), rest, to) };
}

/** Sets an input of the first resource of a type. */
export const set =
  (type: string, path: string, to: unknown): Fault =>
  (resources) => {
    const [first] = ofType(resources, type);
    return resources.map((one) =>
      one === first ? { ...one, inputs: { ...Object(withAt(one.inputs, path.split("."), to)) } } : one,
    );
  };

/** Sets an input of the resource of this name. */
export const setIn =
  (name: string, path: string, to: unknown): Fault =>
  (resources) =>
    resources.map((one) =>
      one.name === name ? { ...one, inputs: { ...Object(withAt(one.inputs, path.split("."), to)) } } : one,
    );

/** Adds a resource; what is not said is usual. */
export const add =
  (resource: Partial<Registered> & Pick<Registered, "name" | "type" | "inputs">): Fault =>
  (resources) => [
    ...resources,
    { parent: "apis", protect: false, retain: false, waitsFor: [], deleteBeforeReplace: null, ...resource },
  ];

export const without =
  (name: string): Fault =>
  (resources) =>
    resources.filter((one) => one.name !== name);

/** Changes what was said beside the inputs. */
export const marked =
  (name: string, change: Partial<Registered>): Fault =>
  (resources) =>
    resources.map((one) => (one.name === name ? { ...one, ...change } : one));
