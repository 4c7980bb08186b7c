import { createHash } from "node:crypto";
import { html, Markup } from "./html.ts";
import { style } from "./style.ts";

export type PageOptions = {
  /** The only script that the page may run, from this program; null for none. */
  readonly script?: string | null;
  /** Whether the page has a form, which may only submit to the page's own origin. */
  readonly hasForm?: boolean;
};

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const styleHash = hashOf(style);

/**
 * The content security policy of a page (https://www.w3.org/TR/CSP3): nothing but its own style and its one script, by their hashes.
 *
 * @example
 * ```ts
 * contentSecurityPolicy({}).startsWith("default-src 'none'; style-src 'sha256-"); // => true
 * contentSecurityPolicy({}).includes("script-src"); // => false
 * ```
 */
export const contentSecurityPolicy = ({ script = null, hasForm = false }: PageOptions): string =>
  [
    "default-src 'none'",
    `style-src ${styleHash}`,
    ...(script === null ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    `form-action ${hasForm ? "'self'" : "'none'"}`,
  ].join("; ");

/** A self-contained HTML document. */
export function page(title: string, body: Markup, options: PageOptions = {}): string {
  const { script = null } = options;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="${new Markup(contentSecurityPolicy(options))}">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${body}
${script === null ? "" : new Markup(`<script>${script}</script>`)}
</body>
</html>
`.text;
}
