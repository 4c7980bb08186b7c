import { randomUUID } from "node:crypto";
import { withoutCredentials } from "@mrdata/platform/without-credentials";
import { neutral, neutralLine } from "./neutral.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The terminal that every command writes to. Output is sanitised here before it is styled, so that no command needs to care about
 * untrusted titles. Until then bold and dim text is marked with a random token that nobody else can know.
 */
export function neutralTerminal(terminal: Terminal): Terminal {
  const secret = randomUUID().replaceAll("-", "");
  const mark = (how: "bold" | "dim", text: string) => `<${secret}${how}>${text}</${secret}>`;
  const marked = new RegExp(`<${secret}(bold|dim)>(.*?)</${secret}>`, "gs");
  const styled = (given: string): string => {
    const line = withoutCredentials(given);
    return line.includes(secret)
      ? neutralLine(line).replace(marked, (_, how: string, text: string) =>
          how === "bold" ? terminal.bold(text) : terminal.dim(text),
        )
      : neutral(line);
  };
  return {
    out: (line) => terminal.out(styled(line)),
    say: (line) => terminal.say(styled(line)),
    progress: (line) => terminal.progress(styled(line)),
    bold: (text) => mark("bold", text),
    dim: (text) => mark("dim", text),
    ...(terminal.columns === undefined ? {} : { columns: terminal.columns }),
  };
}
