import { outOfRange } from "@mrdata/base";

/** Markup that is safe to insert into a page. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | readonly Content[];

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const render = (content: Content): string => {
  if (content instanceof Markup) return content.text;
  if (typeof content === "string" || typeof content === "number")
    return String(content).replace(/[&<>"']/g, (one) => escapes[one] ?? one);
  return content.map(render).join("");
};

/** A tagged template that escapes every value except `Markup`: titles and service names are untrusted. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  new Markup(parts.reduce((text, part, i) => `${text}${render(values[i - 1] ?? outOfRange())}${part}`));
