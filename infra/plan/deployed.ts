/** What there is of a function at Google. `unknown`: nobody could be asked. */
export type Deployed = {
  readonly state: "absent" | "failed" | "there" | "unknown";
  /** Its description there; empty where it has none. */
  readonly description: string;
  /** The environment variables that it is given from secrets, by name. */
  readonly secrets: readonly string[];
};

export const ABSENT: Deployed = { state: "absent", description: "", secrets: [] };

/**
 * Whether Google may not know yet what a function needs in order to start: the grants of one that is there are as old as it is, but
 * for those on secrets that it is only given now.
 */
export const hasNewGrants = ({ state, secrets }: Deployed, held: readonly string[]): boolean =>
  state !== "there" || held.some((name) => !secrets.includes(name));

/**
 * What to do where a function was not there before this `up`, which made none, for Pulumi's state has one; null where all is
 * well or nobody could be asked.
 */
export const sentenceIfGone = (name: string, before: Deployed, now: Deployed): string | null =>
  before.state === "absent" && now.state === "absent"
    ? `The function ${name} is not there at Google, although Pulumi's state has it: pulumi refresh, then pulumi up`
    : null;

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
export function declaredAs(
  name: string,
  { state, description }: Pick<Deployed, "state" | "description">,
): Declared {
  const before = Number(/, made again (\d+)$/.exec(description)?.[1] ?? "0");
  const isMadeAgain = state === "failed";
  const times = isMadeAgain ? before + 1 : before;
  return { description: `Mr Data: ${name}${times === 0 ? "" : `, made again ${times}`}`, isMadeAgain };
}
