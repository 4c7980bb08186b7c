import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manifests } from "@mrdata/functions/manifests";
import { describe, expect, onTestFinished, test } from "vitest";
import { cost } from "../commands/cost.ts";
import { costOf, type Prices, pricesSchema } from "./cost.ts";
import {
  DOCUMENTS_PER_INCIDENT,
  DOCUMENTS_PER_SWEEP,
  EVENTS_PER_INCIDENT,
  quantitiesOf,
} from "./quantities.ts";

const file = join(import.meta.dirname, "../../../../docs/prices/us-central1.json");
const prices: Prices = pricesSchema.parse(JSON.parse(readFileSync(file, "utf8")));
const terminal = () => {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  return { lines, terminal: { out: note, say: note, progress: note, dim: String, bold: String } };
};

test("free quantities cost nothing, and the rest is charged proportionally", () => {
  const only = (name: keyof Prices["prices"], price: Prices["prices"]["requests"]): Prices => {
    const none = { price: 0, per: 1, free: 0 };
    const all = Object.fromEntries(Object.keys(prices.prices).map((one) => [one, none]));
    return pricesSchema.parse({ ...prices, prices: { ...all, [name]: price } });
  };
  const { requests } = quantitiesOf(1_000);
  expect(costOf(1_000, only("requests", { price: 2, per: 1_000, free: requests })).total).toBe(0);
  expect(costOf(1_000, only("requests", { price: 2, per: 1_000, free: requests - 5_000 })).total).toBeCloseTo(
    10,
  );
  const [first] = costOf(1_000, only("backupGib", { price: 1, per: 1, free: 0 })).lines;
  expect(first).toMatchObject({ what: "backupGib", share: 1 });
});

test("more incidents cost more, and the most expensive item comes first", () => {
  const totals = [0, 1_500, 100_000].map((incidents) => costOf(incidents, prices));
  expect(totals.map(({ total }) => total)).toEqual(
    totals.map(({ total }) => total).toSorted((a, b) => a - b),
  );
  for (const { lines, total } of totals) {
    expect(lines.map((line) => line.cost)).toEqual(lines.map((line) => line.cost).toSorted((a, b) => b - a));
    expect(lines.reduce((sum, line) => sum + line.share, 0)).toBeCloseTo(1);
    expect(total).toBeGreaterThan(0);
  }
});

test("quantities match the declared resources", () => {
  const { schedulerJobs, requests } = quantitiesOf(0);
  expect(schedulerJobs).toBe(manifests.filter(({ trigger }) => trigger.kind === "schedule").length);
  // Sweep each minute, probe each five and through three functions, retrain each night.
  expect(requests).toBe(43_200 + 4 * 8_640 + 30);
});

test("the table in docs/deploy.md matches the command's output", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/deploy.md"), "utf8");
  for (const incidents of [0, 1_500, 100_000]) {
    const { total } = costOf(incidents, prices);
    expect(text).toContain(`| ${incidents.toLocaleString("en")} `);
    const row =
      text.split("\n").find((line) => line.startsWith(`| ${incidents.toLocaleString("en")} `)) ?? "";
    expect(row.split("|")[2]?.trim(), `${incidents} incidents`).toBe(total.toFixed(2));
  }
  expect(text).toContain(prices.asOf);
});

test("the list prices in docs/deploy.md match the file, each with its source", () => {
  const rows = readFileSync(join(import.meta.dirname, "../../../../docs/deploy.md"), "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, name = "", , price, free, source] = line.split("|").map((cell) => cell.trim());
      return /^`\w+`$/.test(name) && source?.startsWith("[page](") ? [{ name, price, free, source }] : [];
    });
  const count = (number: number) => number.toLocaleString("en", { maximumFractionDigits: 9 });
  const inFile = Object.entries(prices.prices).map(
    ([name, { price, per, free, notBefore, source, seen }]) => ({
      name: `\`${name}\``,
      price: [per === 1 ? count(price) : `${count(price)} per ${count(per)}`, notBefore]
        .filter((part) => part !== undefined)
        .join(", not before "),
      free: count(free),
      source: `[page](${source}): ${seen}`,
    }),
  );
  expect(rows).toEqual(inFile);
  expect(inFile.every(({ source }) => /\(https:.*(\d{4}-\d\d-\d\d|undated|2026)/.test(source))).toBe(true);
});

test("items not charged yet are listed but not counted before their date", () => {
  const now = costOf(1_500, prices);
  expect(now.later.map(({ what, notBefore }) => [what, notBefore])).toEqual([
    ["alertMetrics", "2027-09-01"],
    ["alertPoints", "2027-09-01"],
  ]);
  const later = now.later.reduce((sum, one) => sum + one.cost, 0);
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/deploy.md"), "utf8");
  expect(text).toContain(`${later.toFixed(2)} dollars a month for ours`);
  const then = costOf(1_500, { ...prices, asOf: "2027-09-01" });
  expect(then.later).toEqual([]);
  expect(then.total).toBeCloseTo(now.total + later);
  const { lines, terminal: said } = terminal();
  cost({ incidents: 1_500, prices: file, json: false }, said);
  expect(lines.at(-1)).toMatch(/^alertPoints is not charged yet: \d+\.\d\d a month from 2027-09-01/);
});

describe("the figures of docs/scale.md", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/scale.md"), "utf8");
  const cells = (start: string) =>
    (text.split("\n").find((line) => line.startsWith(`| ${start}`)) ?? "")
      .split("|")
      .map((cell) => cell.trim());
  const numbers = (start: string) => cells(start).slice(2, 5).map(Number.parseFloat);
  /** An hour's, a second, as the table rounds it. */
  const aSecond = (incidents: number, of: "reads" | "writes", probe: number) => {
    const exact =
      (incidents * DOCUMENTS_PER_INCIDENT[of] + 60 * DOCUMENTS_PER_SWEEP[of] + 12 * probe) / 3_600;
    return Number(exact.toPrecision(exact < 10 ? (exact < 1 ? 1 : 2) : exact < 100 ? 2 : 3));
  };
  const hourly = [1, 100, 10_000];

  test("are the reads, writes and requests of an incident, a sweep and a probe", () => {
    expect(numbers("Firestore: reads")).toEqual(hourly.map((incidents) => aSecond(incidents, "reads", 0)));
    expect(numbers("Firestore: writes a second")).toEqual(
      hourly.map((incidents) => aSecond(incidents, "writes", 2)),
    );
    expect(numbers("PagerDuty REST")).toEqual(hourly.map((incidents) => Math.round(incidents / 60 + 2)));
  });

  test("cost what the prices say, up to the limit of the CPU", () => {
    const reads = 24 * (10_000 * DOCUMENTS_PER_INCIDENT.reads + 60 * DOCUMENTS_PER_SWEEP.reads);
    const { price, per } = prices.prices.documentReads;
    expect(cells("Firestore: reads")[5]).toBe(
      `cost: ${(reads / 1e6).toFixed(1)} million reads a day are about ${((reads / per) * price).toFixed(2)} dollars`,
    );
    for (const name of ["respond", "record"]) {
      const [manifest] = manifests.filter((one) => one.name === name);
      if (manifest === undefined) throw new Error(`no ${name}`);
      const { maxInstances, cpu } = manifest.size;
      const most = (maxInstances * cpu * 3_600) / (0.03 * EVENTS_PER_INCIDENT);
      expect(cells(`Cloud Run: instances of \`${name}\``)[5]).toContain(
        `about ${most.toLocaleString("en")} an hour`,
      );
    }
  });
});

test("an invalid price file is refused with the reason", () => {
  const folder = mkdtempSync(join(tmpdir(), "mrdata-prices-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const wrong = join(folder, "prices.json");
  const run = (text: string) => () => {
    writeFileSync(wrong, text);
    cost({ incidents: 1, prices: wrong, json: false }, terminal().terminal);
  };
  expect(run("{")).toThrow("is not JSON");
  expect(run("{}")).toThrow("region");
  expect(run(JSON.stringify({ ...prices, asOf: "lately" }))).toThrow("asOf");
  expect(
    run(JSON.stringify({ ...prices, prices: { ...prices.prices, requests: { price: -1, per: 1 } } })),
  ).toThrow("prices.requests.price");
  expect(() =>
    cost({ incidents: 1, prices: join(folder, "none.json"), json: false }, terminal().terminal),
  ).toThrow("docs/prices has one");
  expect(() => cost({ incidents: 1, prices: folder, json: false }, terminal().terminal)).toThrow("EISDIR");
  expect(run("[]")).toThrow(`${wrong}: Invalid input: expected object`);
  // As editors of Windows write it.
  expect(run(`\ufeff${JSON.stringify(prices)}`)).not.toThrow();
});
