import { stripVTControlCharacters, styleText } from "node:util";

/** Where a command writes: data to `out`, everything for people's eyes to `say`. */
export type Terminal = {
  out(line: string): void;
  say(line: string): void;
  /** Progress on one line that is overwritten; only where standard error is a terminal. */
  progress(line: string): void;
  /** Shown where what they are written to is a terminal. */
  bold(text: string): string;
  dim(text: string): string;
  /** How wide standard output is, characters; left out where it is no terminal and COLUMNS is not set. */
  readonly columns?: number;
};

type Stream = Pick<NodeJS.WriteStream, "isTTY" | "columns"> & NodeJS.WritableStream;

/** Whether a stream shows bold and dim: a terminal's does, unless NO_COLOR or its like forbid it. */
const shows = (stream: Stream): boolean => styleText("bold", "x", { stream, validateStream: true }) !== "x";

/** What COLUMNS says goes before what the terminal is; null where neither says anything. */
function columnsOf(stdout: Stream, env: NodeJS.ProcessEnv): number | null {
  const said = Number(env.COLUMNS);
  if (Number.isInteger(said) && said > 0) return said;
  return stdout.isTTY ? (stdout.columns ?? null) : null;
}

/** The process's terminal. Each of the two streams is plain where it is none, whatever the other is. */
export function processTerminal({
  stderr,
  stdout,
}: {
  readonly stderr: Stream;
  readonly stdout: Stream;
} = process): Terminal {
  const style = (how: "bold" | "dim", text: string) => styleText(how, text, { validateStream: false });
  const written = (line: string, stream: Stream) => (shows(stream) ? line : stripVTControlCharacters(line));
  const columns = columnsOf(stdout, process.env);
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write("\r\x1b[K");
    drawn = false;
  };
  return {
    out: (line) => {
      clear();
      stdout.write(`${written(line, stdout)}\n`);
    },
    say: (line) => {
      clear();
      stderr.write(`${written(line, stderr)}\n`);
    },
    progress: (line) => {
      if (!stderr.isTTY || process.env.TERM === "dumb") return;
      stderr.write(`\r\x1b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
      drawn = true;
    },
    bold: (text) => style("bold", text),
    dim: (text) => style("dim", text),
    ...(columns === null ? {} : { columns }),
  };
}
