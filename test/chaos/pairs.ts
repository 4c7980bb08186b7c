import { createRandom } from "@mrdata/simulator";

/**
 * Every pair of single faults, as `A+B`; or `count` of them, drawn by the seed so that each fault comes as often as others.
 * `among`: only the pairs that have this fault.
 */
export function pairsOf(
  names: readonly string[],
  count: number | null,
  seed: number,
  { among }: { readonly among?: string } = {},
): readonly string[] {
  const single = names.filter((name) => name !== "none");
  const all = single
    .flatMap((one, i) => single.slice(i + 1).map((other) => ({ one, other })))
    .filter(({ one, other }) => among === undefined || one === among || other === among);
  const nameOf = ({ one, other }: { readonly one: string; readonly other: string }): string =>
    `${one}+${other}`;
  if (count === null || count >= all.length) return all.map(nameOf);
  const random = createRandom(seed, "pairs");
  const uses = new Map(single.map((name) => [name, 0]));
  const left = all.map((pair) => ({ pair, order: random.next() }));
  const drawn: string[] = [];
  while (drawn.length < count) {
    const weight = ({ pair, order }: (typeof left)[number]): number =>
      (uses.get(pair.one) ?? 0) + (uses.get(pair.other) ?? 0) + order;
    left.sort((a, b) => weight(a) - weight(b));
    const next = left.shift();
    if (next === undefined) break;
    for (const name of [next.pair.one, next.pair.other]) uses.set(name, (uses.get(name) ?? 0) + 1);
    drawn.push(nameOf(next.pair));
  }
  return drawn;
}
