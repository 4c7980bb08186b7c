import { openingOf, type Timeline } from "./timeline.ts";

/** Says to whom it reaches what it is, and to everything that counts incidents that it is none. */
export const DRILL_TITLE = "Mr Data drill: please acknowledge and resolve, nothing is broken";

/**
 * True for the title of a test incident; blanks around it make no difference.
 *
 * @example
 * ```ts
 * isDrillTitle(` ${DRILL_TITLE} `); // => true
 * isDrillTitle(null); // => false
 * ```
 */
export const isDrillTitle = (title: string | null | undefined): boolean => title?.trim() === DRILL_TITLE;

/**
 * True of a test incident that was opened to see whom a page reaches. Nothing broke: no track record counts it, its
 * outcome is `unknown`, and nobody learns from it. Whether it is held is decided as of any other.
 */
export const isDrill = (timeline: Timeline): boolean => isDrillTitle(openingOf(timeline)?.snapshot?.title);
