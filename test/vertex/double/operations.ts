import { notFound } from "./refusal.ts";

export type Fate = "done" | "fails" | "never";

type Operation = {
  readonly name: string;
  readonly type: string;
  readonly fate: Fate;
  looks: number;
  ended: null | { readonly response?: unknown; readonly error?: unknown };
  readonly end: () => unknown;
  readonly fail: () => void;
};

/** Long-running operations: each ends at the second look, unless it never does. */
export type Operations = {
  start(name: string, type: string, fate: Fate, end: () => unknown, fail?: () => void): unknown;
  look(name: string): unknown;
  listOf(model: string): readonly unknown[];
};

export function createOperations(looksNeeded: () => number): Operations {
  const operations = new Map<string, Operation>();
  let count = 0;
  const shown = ({ name, type, ended }: Operation) => ({
    name,
    metadata: { "@type": `type.googleapis.com/google.cloud.aiplatform.v1.${type}OperationMetadata` },
    ...(ended === null ? {} : { done: true, ...ended }),
  });
  const advance = (operation: Operation): void => {
    operation.looks += 1;
    if (operation.ended !== null || operation.fate === "never" || operation.looks < looksNeeded()) return;
    if (operation.fate === "fails") {
      operation.fail();
      operation.ended = { error: { code: 13, message: "Internal error while the model was copied." } };
    } else operation.ended = { response: operation.end() };
  };
  return {
    start(parent, type, fate, end, fail = () => {}) {
      count += 1;
      const operation: Operation = {
        name: `${parent}/operations/${count}`,
        type,
        fate,
        looks: 0,
        ended: null,
        end,
        fail,
      };
      operations.set(operation.name, operation);
      return shown(operation);
    },
    look(name) {
      const operation = operations.get(name);
      if (operation === undefined) throw notFound(`The Operation ${name}`);
      advance(operation);
      return shown(operation);
    },
    listOf: (parent) =>
      [...operations.values()].filter(({ name }) => name.startsWith(`${parent}/operations/`)).map(shown),
  };
}
