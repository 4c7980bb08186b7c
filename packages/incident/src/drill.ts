import { openingOf, type Timeline } from "./timeline.ts";

/** Tells those whom it reaches what it is, and marks it as no real incident for everything that counts incidents. */
export const DRILL_TITLE = "Mr Data drill: please acknowledge and resolve, nothing is broken";

/**
 * True for the title of a test incident; surrounding whitespace is ignored.
 *
 * @example
 * ```ts
 * isDrillTitle(` ${DRILL_TITLE} `); // => true
 * isDrillTitle(null); // => false
 * ```
 */
export const isDrillTitle = (title: string | null | undefined): boolean => title?.trim() === DRILL_TITLE;

/**
 * True for a test incident, opened to see whom a page reaches. Nothing broke: no track record counts it, its outcome is
 * `unknown`, and nothing is learnt from it. Whether it is held is decided as for any other.
 */
export const isDrill = (timeline: Timeline): boolean => isDrillTitle(openingOf(timeline)?.snapshot?.title);
