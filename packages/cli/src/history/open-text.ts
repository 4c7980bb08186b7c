import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CommandError } from "../exit-codes.ts";

/**
 * The text of a file, or of standard input for `-`, piece by piece; gunzipped where it is gzipped, by its content and
 * whatever its name. Throws CommandError for what cannot be read, and for another encoding than UTF-8 as far as the
 * file's first bytes tell.
 */
export async function* openText(file: string): AsyncGenerator<string> {
  try {
    yield* decoded(file);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `${file} cannot be read: ${error instanceof Error ? error.message : "unknown error"}`,
    );
  }
}

async function* decoded(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  for await (const bytes of await plain(file)) {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

async function plain(file: string): Promise<AsyncIterable<Uint8Array>> {
  const source: NodeJS.ReadableStream =
    file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 18 });
  const bytes = bytesOf(source)[Symbol.asyncIterator]();
  const first = await bytes.next();
  const head: Uint8Array = first.done ? new Uint8Array() : first.value;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new CommandError(`${file} is UTF-16: save it as UTF-8`);
  const whole = async function* () {
    if (head.length > 0) yield head;
    for (let next = await bytes.next(); !next.done; next = await bytes.next()) yield next.value;
  };
  return head[0] === 0x1f && head[1] === 0x8b ? gunzipped(whole()) : whole();
}

async function* bytesOf(source: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const fed = (async () => {
    for await (const chunk of bytes)
      if (!gunzip.write(chunk)) await new Promise<void>((resolve) => gunzip.once("drain", resolve));
    gunzip.end();
  })();
  fed.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error("cannot be read")));
  for await (const chunk of gunzip) yield chunk;
  await fed;
}
