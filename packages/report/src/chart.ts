import { html, type Markup } from "./html.ts";

export type Point = { readonly x: number; readonly y: number };
/** An axis of shares from 0 to `max`. */
export type Axis = { readonly title: string; readonly max: number };

/** Maps data to coordinates of the drawing. */
export type Scale = { readonly across: (x: number) => number; readonly up: (y: number) => number };

const SIZE = 320;
const LEFT = 64;
const RIGHT = 22;
const BOTTOM = 40;
const TOP = 12;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const short = (value: number) => Number(value.toFixed(1));
const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;

/** A square chart of two shares, as SVG. `label` is its text alternative. */
export function chart(label: string, x: Axis, y: Axis, draw: (scale: Scale) => Markup): Markup {
  const across = (value: number) => short(LEFT + (value / x.max) * SIZE);
  const up = (value: number) => short(TOP + (1 - value / y.max) * SIZE);
  const [width, height] = [LEFT + SIZE + RIGHT, TOP + SIZE + BOTTOM];
  return html`<svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}">
${TICKS.map(
  (
    step,
  ) => html`<line class="axis" x1="${across(0)}" x2="${across(x.max)}" y1="${up(step * y.max)}" y2="${up(step * y.max)}"/>
<text x="${LEFT - 8}" y="${up(step * y.max) + 4}" text-anchor="end">${percent(step * y.max)}</text>
<text x="${across(step * x.max)}" y="${up(0) + 17}" text-anchor="middle">${percent(step * x.max)}</text>`,
)}
<text class="title" x="${across(x.max / 2)}" y="${height - 5}" text-anchor="middle">${x.title}</text>
<text class="title" transform="translate(12 ${up(y.max / 2)}) rotate(-90)" text-anchor="middle">${y.title}</text>
${draw({ across, up })}
</svg>`;
}

export const curve = ({ across, up }: Scale, points: readonly Point[]): Markup =>
  html`<polyline class="curve" points="${points.map(({ x, y }) => `${across(x)},${up(y)}`).join(" ")}"/>`;

/** The dashed line y = x. */
export const diagonal = ({ across, up }: Scale, max = 1): Markup =>
  html`<line class="even" x1="${across(0)}" y1="${up(0)}" x2="${across(max)}" y2="${up(max)}"/>`;

/** A dot with an area proportional to `weight`, from 0 to 1. The title is shown on hover. */
export const dot = (
  { across, up }: Scale,
  { x, y }: Point,
  title: string,
  { weight = 0.3, kind = "dot" }: { readonly weight?: number; readonly kind?: "dot" | "other" | "soft" } = {},
): Markup =>
  html`<circle class="${kind}" cx="${across(x)}" cy="${up(y)}" r="${short(3 + 7 * Math.sqrt(weight))}"><title>${title}</title></circle>`;

const LINE_HEIGHT = 15;
const CHARACTER_WIDTH = 6.6;

/**
 * Labels beside points: on the left if there is no room on the right, moved vertically until none overlap. A thin leader line connects a
 * moved label with its point.
 */
export function labels(
  { across, up }: Scale,
  all: readonly { readonly point: Point; readonly text: string }[],
): Markup {
  const placed: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  const isFree = (from: number, to: number, y: number): boolean =>
    y > TOP &&
    y < TOP + SIZE &&
    placed.every((one) => to < one.from || from > one.to || Math.abs(y - one.y) >= LINE_HEIGHT);
  return html`${all
    .toSorted((a, b) => b.point.y - a.point.y || a.point.x - b.point.x)
    .map(({ point, text }) => {
      const [x, wanted] = [across(point.x), up(point.y) + 4];
      const isLeft = x + 12 + CHARACTER_WIDTH * text.length > LEFT + SIZE + RIGHT;
      const [from, to] = isLeft
        ? [x - 12 - CHARACTER_WIDTH * text.length, x - 12]
        : [x + 12, x + 12 + CHARACTER_WIDTH * text.length];
      const offsets = Array.from(
        { length: 40 },
        (_, i) => (i % 2 === 0 ? -1 : 1) * Math.ceil(i / 2) * LINE_HEIGHT,
      );
      const y = short(wanted + (offsets.find((offset) => isFree(from, to, wanted + offset)) ?? 0));
      placed.push({ from, to, y });
      const beside = isLeft ? -12 : 12;
      const leader =
        Math.abs(y - wanted) < LINE_HEIGHT / 2
          ? ""
          : html`<line class="leader" x1="${x}" y1="${wanted - 4}" x2="${short(x + beside * 0.8)}" y2="${short(y - 4)}"/>`;
      return html`${leader}<text class="name" x="${short(x + beside)}" y="${y}" text-anchor="${isLeft ? "end" : "start"}">${text}</text>`;
    })}`;
}
