import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** Where Prometheus' own grammar finds no PromQL, as text; empty where all of it is. */
export function wrongIn(query: string): readonly string[] {
  const wrong: string[] = [];
  parser.parse(query).iterate({
    enter({ type, from, to }) {
      if (type.isError) wrong.push(`at ${from}: '${query.slice(from, to + 10)}'`);
    },
  });
  return wrong;
}

/**
 * What a series of counts, or of buckets, says within a time: how often, or the quantile of this share; null where nobody ever
 * counted. The share is null where it is no quantile.
 */
export type Series = (
  name: string,
  labels: Readonly<Record<string, string>>,
  within: string,
  share: number | null,
) => number | null;

/**
 * The answer of a query whose vectors have at most one element, as ours have: a number, or null where there is none. Throws for
 * what it does not play. A comparison keeps its left side or nothing, and nothing stays nothing, whatever it is added to
 * (https://prometheus.io/docs/prometheus/latest/querying/operators/).
 */
export function answerOf(query: string, series: Series): number | null {
  let share: number | null = null;
  const text = ({ from, to }: SyntaxNode): string => query.slice(from, to);
  const children = (node: SyntaxNode): readonly SyntaxNode[] => {
    const found: SyntaxNode[] = [];
    for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
    return found;
  };
  const only = (node: SyntaxNode): SyntaxNode => {
    const [first, second] = children(node);
    if (first === undefined || second !== undefined) throw new Error(`not one: ${text(node)}`);
    return first;
  };
  const selected = (node: SyntaxNode): number | null => {
    const [vector, within] = children(node);
    if (node.name !== "MatrixSelector" || vector === undefined || within === undefined)
      throw new Error(`no range: ${text(node)}`);
    const labels = Object.fromEntries(
      [...text(vector).matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
    );
    return series(text(vector).replace(/\{.*/, ""), labels, text(within), share);
  };
  const called = (node: SyntaxNode): number | null => {
    const [name, body] = children(node);
    if (name === undefined || body === undefined) throw new Error(`no call: ${text(node)}`);
    if (text(name) === "vector") return resultOf(only(body));
    if (text(name) === "increase") return selected(only(body));
    const [asked, summed] = children(body);
    if (text(name) !== "histogram_quantile" || asked === undefined || summed === undefined)
      throw new Error(`not played: ${text(name)}`);
    share = Number(text(asked));
    const answer = resultOf(summed);
    share = null;
    return answer;
  };
  const combined = (node: SyntaxNode): number | null => {
    const [left, operator, right] = children(node);
    if (left === undefined || operator === undefined || right === undefined)
      throw new Error(`no two sides: ${text(node)}`);
    const [a, b] = [resultOf(left), resultOf(right)];
    if (operator.name === "Or") return a ?? b;
    if (a === null || b === null) return null;
    switch (operator.name) {
      case "And":
        return a;
      case "Sub":
        return a - b;
      case "Div":
        return a / b;
      case "Gtr":
        return a > b ? a : null;
      case "Lss":
        return a < b ? a : null;
      default:
        throw new Error(`not played: ${operator.name}`);
    }
  };
  function resultOf(node: SyntaxNode): number | null {
    switch (node.name) {
      case "ParenExpr":
        return resultOf(only(node));
      case "BinaryExpr":
        return combined(node);
      case "AggregateExpr": {
        const body = children(node).at(-1);
        if (body === undefined) throw new Error(`nothing is summed: ${text(node)}`);
        return resultOf(only(body));
      }
      case "FunctionCall":
        return called(node);
      case "NumberDurationLiteral":
        return Number(text(node));
      default:
        throw new Error(`not played: ${node.name}`);
    }
  }
  return resultOf(only(parser.parse(query).topNode));
}
