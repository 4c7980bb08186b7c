import { styleText } from "node:util";

/** Where a command writes: data to `out`, everything for people's eyes to `say`. */
export type Terminal = {
  out(line: string): void;
  say(line: string): void;
  /** Progress on one line that is overwritten; only where standard error is a terminal, and never with --quiet. */
  progress(line: string): void;
  bold(text: string): string;
  dim(text: string): string;
};

export function processTerminal(): Terminal {
  const { stderr, stdout } = process;
  const style = (how: "bold" | "dim", text: string) =>
    styleText(how, text, { stream: stderr, validateStream: true });
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write("\r\x1b[K");
    drawn = false;
  };
  return {
    out: (line) => {
      clear();
      stdout.write(`${line}\n`);
    },
    say: (line) => {
      clear();
      stderr.write(`${line}\n`);
    },
    progress: (line) => {
      if (!stderr.isTTY || process.env.TERM === "dumb") return;
      stderr.write(`\r\x1b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
      drawn = true;
    },
    bold: (text) => style("bold", text),
    dim: (text) => style("dim", text),
  };
}
