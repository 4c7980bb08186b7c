import { expect, test } from "vitest";
import { type CertifyingRow, certificateOf } from "./certificate.ts";
import { realRows } from "./model-version.ts";
import { verifyCertificates } from "./verify-certificate.ts";

const rows = Array.from(
  { length: 120 },
  (_, i): CertifyingRow => ({
    id: `Q${i}`,
    openedAt: i * 3_600_000,
    probability: i < 5 ? 0.9 : 0.2,
    label: i % 6 === 5 ? 1 : 0,
  }),
);
const certificate = certificateOf(0.8, rows, { budget: 0.1, delta: 0.1 });
const kept = { version: realRows(rows), fallback: realRows(rows) };
const card = { threshold: 0.8, certificate, fallback: { certificate } };

test("a certificate comes out of the rows again, and says which they are", () => {
  const [version, fallback] = verifyCertificates({ card, certifying: kept });
  expect(version).toMatchObject({ of: "version", recomputed: certificate, problem: null });
  expect(version?.incidents).toHaveLength(100);
  expect(version?.incidents).not.toContain("Q5");
  expect(fallback).toMatchObject({ of: "fallback", problem: null });
});

test("a row with an unknown outcome is stored as such, and named where it counts", () => {
  const unsure = (id: string, probability: number): CertifyingRow => ({
    id,
    openedAt: 0,
    probability,
    label: 0,
    censored: true,
  });
  const withUnsure = [...rows, unsure("held", 0.95), unsure("paged", 0.3)];
  const stated = certificateOf(0.9, withUnsure, { budget: 0.2, delta: 0.1 });
  expect(stated).toMatchObject({ real: 101, misses: 6 });
  const certifying = { version: realRows(withUnsure), fallback: [] };
  const card = { threshold: 0.9, certificate: stated, fallback: null };
  const [version] = verifyCertificates({ card, certifying });
  expect(version).toMatchObject({ recomputed: stated, problem: null });
  expect(version?.incidents).toContain("held");
  expect(version?.incidents).not.toContain("paged");
});

test.each([
  [
    "a bound that was made smaller",
    { certificate: { ...certificate, upperBound: 0.01 } },
    "another upperBound",
  ],
  ["misses that were left out", { certificate: { ...certificate, misses: 0 } }, "another misses"],
  ["a threshold that was lowered", { threshold: 0.1 }, "holds from 0.1 on"],
  ["both lowered", { threshold: 0.1, certificate: { ...certificate, threshold: 0.1 } }, "is not certified"],
] as const)("%s is found", (_, change, problem) => {
  const [version] = verifyCertificates({ card: { ...card, ...change }, certifying: kept });
  expect(version?.problem).toContain(problem);
});

test("missing or changed rows are detected; a version without certificate has nothing to verify", () => {
  expect(verifyCertificates({ card }).map(({ problem }) => problem)).toEqual([
    "the rows that it counts are not kept",
    "the rows that it counts are not kept",
  ]);
  const fewer = { ...kept, version: kept.version.slice(1) };
  expect(verifyCertificates({ card, certifying: fewer })[0]?.problem).toMatch(/another .*real/);
  const none = verifyCertificates({ card: { threshold: null, certificate: null, fallback: null } });
  expect(none.map(({ problem }) => problem)).toEqual([null, null]);
});
