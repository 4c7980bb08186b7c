import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { processTerminal } from "./terminal.ts";

/** A stream that says of itself that it is a terminal, or not, and what was written to it. */
function stream(isTTY: boolean) {
  const lines: string[] = [];
  const through = new PassThrough().on("data", (chunk: Buffer) => lines.push(chunk.toString("utf8")));
  const terminal = { isTTY, columns: 80, hasColors: () => isTTY, getColorDepth: () => (isTTY ? 8 : 1) };
  return { lines, to: Object.assign(through, terminal) };
}

test.each([
  [true, false],
  [false, true],
])(
  "a line is bold on the stream that is a terminal, and plain in a file (out %s, error %s)",
  (out, error) => {
    const [stdout, stderr] = [stream(out), stream(error)];
    const terminal = processTerminal({ stdout: stdout.to, stderr: stderr.to });
    terminal.out(terminal.bold("data"));
    terminal.say(terminal.dim("word"));
    expect(stdout.lines.join("")).toBe(out ? "\u001b[1mdata\u001b[22m\n" : "data\n");
    expect(stderr.lines.join("")).toBe(error ? "\u001b[2mword\u001b[22m\n" : "word\n");
  },
);
