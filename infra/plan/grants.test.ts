import { expect, test } from "vitest";
import { grantsOf, needsMet, onlyBuildSources, onlyDatabase } from "./grants.ts";

test("a need is one grant, on the one resource that it is about", () => {
  expect(
    grantsOf([
      { publish: "t" },
      { ledger: { decisions: "read" } },
      { ledger: { decisions: "write" } },
      { secret: "pagerduty-token" },
      { model: "read" },
      { history: "read" },
    ]),
  ).toEqual([
    {
      need: "publish: t",
      slug: "publish-t",
      role: "roles/pubsub.publisher",
      on: { kind: "topic", topic: "t" },
    },
    { need: "ledger: read", slug: "ledger-read", role: "roles/datastore.viewer", on: { kind: "database" } },
    { need: "ledger: write", slug: "ledger-write", role: "roles/datastore.user", on: { kind: "database" } },
    {
      need: "secret: pagerduty-token",
      slug: "secret-pagerduty-token",
      role: "roles/secretmanager.secretAccessor",
      on: { kind: "secret", secret: "pagerduty-token" },
    },
    { need: "model: read", slug: "model-read", role: "roles/storage.objectViewer", on: { kind: "models" } },
    {
      need: "history: read",
      slug: "history-read",
      role: "roles/storage.objectViewer",
      on: { kind: "history" },
    },
  ]);
  expect(grantsOf([])).toEqual([]);
});

test("what is given on the project is bound to one database, and to one bucket", () => {
  expect(onlyDatabase("p", "mrdata").expression).toBe('resource.name == "projects/p/databases/mrdata"');
  expect(onlyBuildSources("1", "us-central1").expression).toBe(
    'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-1-us-central1")',
  );
});

test("nobody is let into the history bucket where nothing is imported from it", () => {
  const needs = [{ ledger: { decisions: "write" } }, { history: "read" }] as const;
  expect(needsMet(needs, { historyImport: "off" })).toEqual([{ ledger: { decisions: "write" } }]);
  expect(needsMet(needs, { historyImport: "on" })).toEqual(needs);
});
