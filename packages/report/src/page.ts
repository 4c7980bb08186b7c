import { createHash } from "node:crypto";
import { html, Markup } from "./html.ts";
import { style } from "./style.ts";

export type PageOptions = {
  /** A script of this program's own that the page runs; without one none may run. */
  readonly script?: string | null;
  /** Whether the page has a form, which then leads back to where the page came from. */
  readonly hasForm?: boolean;
};

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const styleHash = hashOf(style);

/**
 * What a page may do (https://www.w3.org/TR/CSP3): nothing but be shown with its own style, and run the one script that it
 * is given, by their hashes.
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

/** A whole page that needs nothing from anywhere. */
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
