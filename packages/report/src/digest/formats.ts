import { html } from "../html.ts";
import type { Digest, DigestLine } from "./digest-of.ts";

/** The digest as plain text with lines of any length. */
export function digestText({ title, headline, sections }: Digest): string {
  const line = ({ text, link }: DigestLine) => `- ${text}${link === null ? "" : ` ${link}`}`;
  return [
    title,
    headline,
    ...sections.flatMap(({ heading, lines }) => ["", heading, ...lines.map(line)]),
    "",
  ].join("\n");
}

/** The digest as the HTML body of a mail: no external resources, and no style except for breaking long words on phones. */
export function digestMail({ title, headline, sections }: Digest): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title></head>
<body style="overflow-wrap: anywhere">
<p>${title}</p>
<h1>${headline}</h1>
${sections.map(
  ({ heading, lines }) => html`<h2>${heading}</h2>
<ul>
${lines.map(({ text, link }) => html`<li>${link === null ? text : html`<a href="${link}">${text}</a>`}</li>\n`)}</ul>
`,
)}</body></html>
`.text;
}

/** A message of Slack's Block Kit; `text` is what a notification shows (https://docs.slack.dev/reference/block-kit/blocks). */
export type SlackMessage = { readonly text: string; readonly blocks: readonly SlackBlock[] };
export type SlackBlock =
  | { readonly type: "header"; readonly text: { readonly type: "plain_text"; readonly text: string } }
  | { readonly type: "section"; readonly text: { readonly type: "mrkdwn"; readonly text: string } };

const MAX_HEADER = 150;
const MAX_SECTION = 3_000;

/**
 * Escapes the three characters that Slack always treats as markup; links and mentions begin with one of them
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping).
 *
 * @example
 * ```ts
 * slackEscaped("<!channel> & co"); // => "&lt;!channel&gt; &amp; co"
 * ```
 */
export const slackEscaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The digest for Slack's incoming webhooks: blocks within Slack's limits, and no title that can mention anybody. */
export function digestSlack({ title, headline, sections }: Digest): SlackMessage {
  const line = ({ text, link }: DigestLine) =>
    link === null
      ? `• ${literal(text)}`
      : `• <${slackEscaped(link).replaceAll("|", "%7C")}|${literal(text).replaceAll("|", "¦")}>`;
  return {
    text: slackEscaped(`${title}: ${headline}`),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(headline, MAX_HEADER) } },
      mrkdwn(literal(title)),
      ...sections.map(({ heading, lines }) => mrkdwn(fitted(`*${heading}*`, lines.map(line)))),
    ],
  };
}

const mrkdwn = (text: string): SlackBlock => ({ type: "section", text: { type: "mrkdwn", text } });

/** Escapes markup and neutralises bold, italic, code and strikethrough marks, which titles contain by chance. */
const literal = (text: string): string => slackEscaped(text).replace(/[*_~`]/gu, (one) => `${one}\u200b`);

const cut = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;

/** As many whole lines as fit into a section. */
function fitted(heading: string, lines: readonly string[]): string {
  let text = heading;
  for (const one of lines) {
    if (text.length + one.length + 1 > MAX_SECTION) break;
    text = `${text}\n${one}`;
  }
  return text;
}
