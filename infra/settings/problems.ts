/** What is wrong with the settings: one sentence each, all of them at once. */
export type Problems = { readonly add: (sentence: string) => void; readonly all: readonly string[] };

export function problemList(): Problems {
  const all: string[] = [];
  return { all, add: (sentence) => void all.push(sentence) };
}

/** Ends a sentence with the command that fixes it. */
export const setWith = (key: string, example: string, { secret = false } = {}): string =>
  secret ? `pulumi config set --secret ${key}` : `pulumi config set ${key} ${example}`;
