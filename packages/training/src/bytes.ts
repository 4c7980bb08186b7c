/** Rows that become one string at a time: a string holds half a gigabyte at most, and half a million rows are more. */
const ROWS_AT_A_TIME = 1_000;

/** JSON rows, one per line. JSON escapes line ends and lone surrogates, so that every text survives the round trip. */
export function linesOf(rows: Iterable<unknown>): Buffer {
  const written: Buffer[] = [];
  let lines: string[] = [];
  const write = (): void => {
    if (lines.length > 0) written.push(Buffer.from(`${lines.join("\n")}\n`));
    lines = [];
  };
  for (const row of rows) {
    lines.push(JSON.stringify(row));
    if (lines.length === ROWS_AT_A_TIME) write();
  }
  write();
  return Buffer.concat(written);
}

/** Reads the output of `linesOf` line by line, so that no string is longer than one row. */
export function* rowsIn(bytes: Uint8Array): Generator<unknown> {
  for (const line of linesIn(bytes)) yield JSON.parse(line.toString("utf8"));
}

/** The lines of the output of `linesOf`, for whoever parses only some of them. */
export function* linesIn(bytes: Uint8Array): Generator<Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < buffer.length; ) {
    const end = buffer.indexOf(0x0a, from);
    yield buffer.subarray(from, end === -1 ? buffer.length : end);
    from = end === -1 ? buffer.length : end + 1;
  }
}

export const jsonOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The bytes of a typed array: little-endian, as on every machine that Mr Data runs on. */
export const bytesOf = (numbers: Float32Array | Float64Array | Int32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** Copies, because the input may start at an unaligned offset. */
const aligned = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
export const float32sIn = (bytes: Uint8Array): Float32Array => new Float32Array(aligned(bytes));
export const float64sIn = (bytes: Uint8Array): Float64Array => new Float64Array(aligned(bytes));
export const int32sIn = (bytes: Uint8Array): Int32Array => new Int32Array(aligned(bytes));
