import { expect, it } from "vitest";
import { comparedFigures } from "../bench/compared.ts";
import { aside } from "../bench/figure.ts";

it("figures of two builds are compared by the medians of their rounds, those that both have in every round", () => {
  const round = (fit: number, more: readonly [string, number][] = []) => [
    aside("fit", fit, "s"),
    ...more.map(([name, value]) => aside(name, value, "ms")),
  ];
  expect(
    comparedFigures(
      [round(4, [["gone", 1]]), round(6, [["lost", 0]])],
      [
        round(1, [
          ["fresh", 9],
          ["lost", 2],
        ]),
        round(2, [
          ["fresh", 9],
          ["lost", 4],
        ]),
      ],
    ),
  ).toEqual([{ name: "fit", unit: "s", before: 5, now: 1.5, ratio: 0.3 }]);
});

it("there is no ratio to nothing", () => {
  expect(comparedFigures([[aside("lost", 0, "messages")]], [[aside("lost", 2, "messages")]])).toEqual([
    { name: "lost", unit: "messages", before: 0, now: 2, ratio: null },
  ]);
});
