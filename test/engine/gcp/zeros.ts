import type { Props } from "./kind.ts";

/**
 * Inputs as they reach Google: the provider leaves out what is zero, false or an empty text (its expanders ask whether a
 * value "is empty"), so that there Google's own default holds. Empty blocks and lists are sent.
 */
export const withoutZeros = (props: Props): Props =>
  Object.fromEntries(
    Object.entries(props)
      .filter(([, value]) => !isZero(value))
      .map(([key, value]) => [key, inside(value)]),
  );

const isZero = (value: unknown): boolean => value === 0 || value === false || value === "";

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value !== "object" || value === null) return value;
  return withoutZeros(Object.fromEntries(Object.entries(value)));
}
