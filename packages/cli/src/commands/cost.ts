import { readFileSync } from "node:fs";
import { codeOf, messageOf } from "@mrdata/base";
import { InvalidArgumentError } from "commander";
import { costOf, type Prices, pricesSchema } from "../cost/cost.ts";
import type { Declare } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type Column, tableLines } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const countOption = (text: string): number => {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count))
    throw new InvalidArgumentError("a number of incidents is a whole number like 1500");
  return count;
};

export type CostOptions = { readonly incidents: number; readonly prices: string; readonly json: boolean };

/** Estimates what the deployed bot costs per month at the prices in a file. */
export function cost({ incidents, prices: file, json }: CostOptions, terminal: Terminal): void {
  const prices = readPrices(file);
  const { total, lines, later } = costOf(incidents, prices);
  if (json) {
    const { region, currency, asOf } = prices;
    terminal.out(JSON.stringify({ incidents, region, currency, asOf, total: cents(total), lines, later }));
    return;
  }
  const rows: readonly Row[] = [...lines, { what: "all", quantity: null, cost: cents(total), share: null }];
  for (const line of tableLines(columnsIn(prices.currency), rows, terminal)) terminal.out(line);
  terminal.say(
    `${incidents} incidents a month in ${prices.region}, at list prices as of ${prices.asOf}. What PagerDuty costs, and tax, is not in it; how long requests take at Google was not measured.`,
  );
  for (const one of later)
    terminal.say(
      `${one.what} is not charged yet: ${one.cost.toFixed(2)} a month from ${one.notBefore}, at the earliest.`,
    );
}

const cents = (amount: number): number => Math.round(100 * amount) / 100;

/** One billed item, or the total. */
type Row = {
  readonly what: string;
  readonly quantity: number | null;
  readonly cost: number;
  readonly share: number | null;
};

const columnsIn = (currency: string): readonly Column<Row>[] => [
  { head: "what", of: ({ what }) => what },
  {
    head: "quantity",
    right: true,
    of: ({ quantity }) => (quantity === null ? "" : Number(quantity.toPrecision(6)).toLocaleString("en")),
  },
  { head: currency, right: true, of: ({ cost: amount }) => amount.toFixed(2) },
  { head: "share", right: true, of: ({ share }) => (share === null ? "" : `${Math.round(100 * share)} %`) },
];

function readPrices(file: string): Prices {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const why = codeOf(error) === "ENOENT" ? `there is no ${file}` : messageOf(error);
    throw new CommandError(`${why}: docs/prices has one to begin with`, exitCodes.usage);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/u, ""));
  } catch {
    throw new CommandError(`${file} is not JSON`, exitCodes.usage);
  }
  const read = pricesSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = [file, ...(issue?.path.length ? [issue.path.join(".")] : [])].join(": ");
  throw new CommandError(`${where}: ${issue?.message}`, exitCodes.usage);
}

export const declareCost: Declare = (program, { terminal }) => {
  program
    .command("cost")
    .description("what the deployed bot costs in a month, by what Google charges for, the dearest first")
    .requiredOption("--incidents <count>", "incidents in a month", countOption)
    .requiredOption("--prices <file>", "prices of a region, as in docs/prices")
    .option("--json", "for machines: one JSON line each on standard output", false)
    .addHelpText("after", "\nExamples:\n  mrdata cost --incidents 1500 --prices docs/prices/us-central1.json")
    .action((options) => cost(options, terminal));
};
