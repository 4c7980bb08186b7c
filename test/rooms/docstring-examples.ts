import { Script } from "node:vm";

/** An `@example` of a docstring. */
export type Example = {
  /** What the docstring is of. */
  readonly name: string;
  /** What stands between ```ts and ```; null where the docstring has no such block. */
  readonly code: string | null;
};

/** A statement of an example, and what its comment says of it. */
type Statement = { readonly text: string; readonly wanted: Wanted | null };
type Wanted = { readonly kind: "=>" | "throws"; readonly value: string };

const DOCSTRING = /^[ \t]*\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export )?(?:async )?(?:\w+\*? )?(\w+)/gm;
const BLOCK = /@example[ \t]*\n```ts\n([\s\S]*?)\n```/g;

/** Every `@example` of a source file, in order. */
export const examplesIn = (source: string): readonly Example[] =>
  [...source.matchAll(DOCSTRING)].flatMap(([, docstring = "", name = ""]) => {
    const text = docstring.replace(/^[ \t]*\* ?/gm, "");
    const blocks = [...text.matchAll(BLOCK)].map(([, code = ""]): Example => ({ name, code }));
    const others = text.split("@example").length - 1 - blocks.length;
    return [...blocks, ...Array.from({ length: others }, (): Example => ({ name, code: null }))];
  });

const COMMENTED = /^(.*;)\s+\/\/ (=>|throws) (.+)$/;
const IMPORT = /^import \{ ([\w, ]+) \} from "(@?[\w][\w/-]*)";$/;

/** The modules that an example imports, with the names that it takes of each. Relative ones, and those of Node, it may not. */
export const importsOfExample = (
  code: string,
): readonly { readonly names: string; readonly from: string }[] =>
  code.split("\n").flatMap((line) => {
    const [, names, from] = IMPORT.exec(line) ?? [];
    return names === undefined || from === undefined ? [] : [{ names, from }];
  });

/**
 * An example as the body of an async function: what `// =>` follows is compared with what stands behind, what
 * `// throws` follows has to throw or reject with it. Throws SyntaxError for one that is not whole, or expects nothing.
 */
export function checksOf(code: string): string {
  const statements = statementsOf(code.split("\n").filter((line) => !IMPORT.test(line)));
  if (statements.every(({ wanted }) => wanted === null))
    throw new SyntaxError("an example has to say what it comes to: '// => VALUE' or '// throws ERROR'");
  return statements.map(checkOf).join("\n");
}

function statementsOf(lines: readonly string[]): readonly Statement[] {
  const statements: Statement[] = [];
  let open: string[] = [];
  for (const line of lines) {
    const [, text = line, kind, value] = COMMENTED.exec(line) ?? [];
    open.push(text);
    const statement = open.join("\n");
    if (!isWhole(statement)) continue;
    const isWanted = (kind === "=>" || kind === "throws") && value !== undefined;
    statements.push({ text: statement, wanted: isWanted ? { kind, value } : null });
    open = [];
  }
  if (open.join("").trim() !== "") throw new SyntaxError(`this does not end: ${open.join("\n")}`);
  return statements;
}

function isWhole(text: string): boolean {
  if (!/[;}]\s*$/.test(text)) return false;
  try {
    return new Script(`async () => {${text}\n}`) !== null;
  } catch {
    return false;
  }
}

function checkOf({ text, wanted }: Statement): string {
  if (wanted === null) return text;
  const expression = text.trim().replace(/;$/, "");
  return wanted.kind === "=>"
    ? `expect(await (${expression})).toEqual(${wanted.value});`
    : `await expect(async () => (${expression})).rejects.toThrow(${wanted.value});`;
}
