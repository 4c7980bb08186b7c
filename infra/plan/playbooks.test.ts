import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { manifests } from "@mrdata/functions/manifests";
import { expect, test } from "vitest";
import { alarmsOf, playbookOf, playbookUrl } from "./alarms.ts";
import { namesOf } from "./names.ts";
import { someSettings } from "./plan.fixture.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "docs/playbooks");
const alarms = alarmsOf(manifests, namesOf(someSettings));
const textOf = (slug: string): string => readFileSync(join(root, playbookOf(slug)), "utf8");

test("every alarm has a playbook, and every playbook is of an alarm", () => {
  const written = readdirSync(folder).map((file) => `docs/playbooks/${file}`);
  expect(written.toSorted()).toEqual(alarms.map(({ slug }) => playbookOf(slug)).toSorted());
});

test("an alarm says where its playbook is, and the playbook is headed by what the alarm is called", () => {
  for (const { slug, title, text } of alarms) {
    expect(text, slug).toContain(playbookOf(slug));
    expect(textOf(slug).split("\n")[0], slug).toBe(`# ${title}`);
  }
});

test("a playbook says what it costs, where to look, what to do, and how one sees that it is over", () => {
  for (const { slug } of alarms)
    expect(
      ["**What it costs.**", "**Look.**", "**Do.**", "**Well again**"].filter(
        (part) => !textOf(slug).includes(part),
      ),
      slug,
    ).toEqual([]);
});

test("the commands of ours that playbooks name are there", () => {
  const known =
    readFileSync(join(root, "docs/operations.md"), "utf8") + readFileSync(join(root, "README.md"), "utf8");
  for (const { slug } of alarms)
    for (const [, command = ""] of textOf(slug).matchAll(/`mrdata ([a-z-]+)/g))
      expect(command === "dead-letters" || known.includes(`mrdata ${command}`), `${slug}: ${command}`).toBe(
        true,
      );
});

test("playbooks lead to one another, and to nothing that is not there", () => {
  const slugs = new Set(alarms.map(({ slug }) => slug));
  for (const { slug } of alarms)
    for (const [, to = ""] of textOf(slug).matchAll(/\]\(([^)]+)\.md\)/g))
      expect(slugs.has(to), `${slug}: ${to}`).toBe(true);
});

test("an alarm can link to its playbook, wherever the folder is read", () => {
  const folderUrl = "https://github.com/acme/mrdata/blob/main/docs/playbooks";
  for (const { slug } of alarms)
    expect(playbookUrl(folderUrl, slug).endsWith(`/${playbookOf(slug)}`)).toBe(true);
});
