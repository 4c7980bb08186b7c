import type { Answered } from "@mrdata/pagerduty";

/** An answer of the REST API: what a client in the same process reads of a web-standard Response, or one where it is wanted. */
export class RestAnswer implements Answered {
  readonly status: number;
  readonly #text: string;
  readonly #headers: Record<string, string>;

  /** `body` is written as JSON; undefined for an answer without one. `headers` by lower-case name. */
  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.#text = body === undefined ? "" : JSON.stringify(body);
    this.#headers = { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get headers(): Answered["headers"] {
    return { get: (name) => this.#headers[name.toLowerCase()] ?? null };
  }

  async text(): Promise<string> {
    return this.#text;
  }

  /** Adds a header, by lower-case name. */
  with(name: string, value: string): this {
    this.#headers[name] = value;
    return this;
  }

  /** By lower-case name. */
  get allHeaders(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  toResponse(): Response {
    const { status } = this;
    return new Response(this.#text === "" ? null : this.#text, { status, headers: this.#headers });
  }
}
