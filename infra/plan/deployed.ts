/** What there is of a function at Google. `unknown`: nobody could be asked. */
export type Deployed = {
  readonly state: "absent" | "failed" | "there" | "unknown";
  /** Its description there; empty where it has none. */
  readonly description: string;
};

export const ABSENT: Deployed = { state: "absent", description: "" };

/** How a function is declared, by what there is of it. */
export type Declared = {
  readonly description: string;
  /** Whether what is there is deleted, and made again. */
  readonly isMadeAgain: boolean;
};

/**
 * The description counts how often a function was made again: a FAILED one is declared with another, which replaces it,
 * and one that is there keeps what it has. A function that failed cannot be brought to life by an update: the provider
 * sees nothing that differs, and sends nothing.
 */
export function declaredAs(name: string, { state, description }: Deployed): Declared {
  const before = Number(/, made again (\d+)$/.exec(description)?.[1] ?? "0");
  const isMadeAgain = state === "failed";
  const times = isMadeAgain ? before + 1 : before;
  return { description: `Mr Data: ${name}${times === 0 ? "" : `, made again ${times}`}`, isMadeAgain };
}
