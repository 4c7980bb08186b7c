import { stripVTControlCharacters, styleText } from "node:util";

/** Where a command writes: data to `out`, messages for people to `say`. */
export type Terminal = {
  out(line: string): void;
  say(line: string): void;
  /** Progress on one line that is overwritten; only where standard error is a terminal. */
  progress(line: string): void;
  /** Styled only if the stream is a terminal. */
  bold(text: string): string;
  dim(text: string): string;
  /** Width of standard output in characters; absent if it is not a terminal and COLUMNS is not set. */
  readonly columns?: number;
};

type Stream = Pick<NodeJS.WriteStream, "isTTY" | "columns"> & NodeJS.WritableStream;

/** Whether a stream shows bold and dim: it is a terminal, and NO_COLOR and the like do not forbid it. */
const supportsStyle = (stream: Stream): boolean =>
  styleText("bold", "x", { stream, validateStream: true }) !== "x";

/** COLUMNS takes precedence over the terminal's width; null if neither is known. */
function columnsOf(stdout: Stream, env: NodeJS.ProcessEnv): number | null {
  const columns = Number(env.COLUMNS);
  if (Number.isInteger(columns) && columns > 0) return columns;
  return stdout.isTTY ? (stdout.columns ?? null) : null;
}

/** The process's terminal. A stream that is not a terminal is plain, whatever the other is. */
export function processTerminal({
  stderr,
  stdout,
}: {
  readonly stderr: Stream;
  readonly stdout: Stream;
} = process): Terminal {
  const style = (how: "bold" | "dim", text: string) => styleText(how, text, { validateStream: false });
  const written = (line: string, stream: Stream) =>
    supportsStyle(stream) ? line : stripVTControlCharacters(line);
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
