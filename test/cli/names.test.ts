import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/mrdata.ts";
import { mrdataHere } from "../support/mrdata-here.ts";

const file = (text: string): string => {
  const path = join(temporaryFolder(), "titles.txt");
  writeFileSync(path, text);
  return path;
};

test("names --json gives a line per title, with three levels, without any ledger", async () => {
  const titles = file("\ufeffPod web-x2k4p on 10.0.0.1 crashed\r\nDisk full\u2028 on db-17\n\nHTTP 503");
  const { code, stdout } = await mrdataHere(["names", titles, "--json"]);
  expect(code).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      title: "Pod web-x2k4p on 10.0.0.1 crashed",
      levels: ["pod web-<id> on 10.0.0.1 crashed", "pod web-<id> on <ip> crashed", "pod web on crashed"],
    },
    {
      title: "Disk full\u2028 on db-17",
      levels: ["disk full on db-17", "disk full on db<n>", "disk full on db"],
    },
    { title: "HTTP 503", levels: ["http 503", "http <n>", "http"] },
  ]);
});

test("names says what each level takes out, and why", async () => {
  const { stdout } = await mrdataHere(["names", file("Backup of 2024-05-20 on db-17 failed")]);
  expect(stdout).toContain(
    "'2024-05-20' became '<date>': a date or a time of the day is another one each time",
  );
  expect(stdout).toContain("'-17' became '<n>': a number");
});

const HOUR = 3_600_000;

/** A site that heals by itself every time and one that never did, under one monitor; then an outage of that one, now. */
async function uptime() {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  const titleOf = (site: string) => `[Uptime Kuma Alert] [${site}.example.com] connect ECONNREFUSED`;
  const start = Date.now() - 40 * 24 * HOUR;
  const iso = (at: number) => new Date(at).toISOString();
  const rows = Array.from({ length: 30 }, (_, i) => {
    const at = start + i * 20 * HOUR;
    const heals = i % 10 !== 9;
    return [
      `QB${i}`,
      "PUPTIME",
      titleOf(heals ? "blog" : "checkout"),
      iso(at),
      iso(at + (heals ? 0.05 : 1.5) * HOUR),
      heals ? "integration" : "human",
    ].join();
  });
  const history = join(folder, "uptime.csv");
  writeFileSync(history, ["id,service,title,created_at,resolved_at,resolved_by", ...rows].join("\n"));
  expect(await mrdataHere(["import", history, "--home", home])).toMatchObject({ code: 0 });
  const outage = async (incident: string, site: string) => {
    const payload = join(folder, `${incident}.json`);
    const service = { id: "PUPTIME", type: "service_reference", summary: "Uptime" };
    const data = {
      ...{ id: incident, type: "incident", number: 1, status: "triggered", title: titleOf(site), service },
      ...{ created_at: iso(Date.now()), assignees: [], teams: [], priority: null, urgency: "high" },
      ...{ html_url: null, incident_key: null, escalation_policy: null },
    };
    const event = { id: `01${incident}`, event_type: "incident.triggered", resource_type: "incident" };
    const agent = { id: "PINT", type: "inbound_integration_reference" };
    writeFileSync(
      payload,
      JSON.stringify({ event: { ...event, occurred_at: iso(Date.now()), agent, client: null, data } }),
    );
    expect(await mrdataHere(["replay", payload, "--home", home])).toMatchObject({ code: 0 });
    const { stdout } = await mrdataHere(["explain", incident, "--home", home, "--json"]);
    return JSON.parse(stdout);
  };
  return { home, outage, titleOf };
}

test("a site that never healed is not known by its neighbour's past, which is", async () => {
  const { home, outage, titleOf } = await uptime();
  const verdictOf = (told: {
    verdicts: readonly { name: string; allowsHold: boolean; sentence: string }[];
  }) => told.verdicts.find(({ name }) => name === "novelty");
  const checkout = await outage("QB1LIVE", "checkout");
  expect(checkout).toMatchObject({ decision: "page" });
  expect(verdictOf(checkout)).toEqual({
    name: "novelty",
    allowsHold: false,
    sentence: "This site has been seen 3 times, and 5 are needed.",
  });
  expect(verdictOf(await outage("QB2LIVE", "blog"))).toMatchObject({ allowsHold: true });
  const { stdout } = await mrdataHere([
    ...["names", file(titleOf("checkout")), "--service", "PUPTIME", "--home", home],
  ]);
  expect(stdout).toContain("seen 4, resolved themselves 0, needed a human 3");
  expect(stdout).toContain("seen 32, resolved themselves 27, needed a human 3");
});

/** A monitor of two thresholds: the lower one clears by itself, the upper one never does; and as many of another kind. */
function thresholds(folder: string): string {
  const start = Date.now() - 60 * 24 * HOUR;
  const iso = (at: number) => new Date(at).toISOString();
  const rows = Array.from({ length: 240 }, (_, i) => {
    const at = start + i * 4 * HOUR;
    const heals = i % 2 === 0;
    const title = i % 4 < 2 ? `Disk usage over ${heals ? 80 : 95}%` : "Queue is long";
    return [
      `QT${i}`,
      "PDISK",
      title,
      iso(at),
      iso(at + (heals ? 0.05 : 1.5) * HOUR),
      heals ? "integration" : "human",
    ];
  });
  const path = join(folder, "thresholds.csv");
  writeFileSync(
    path,
    ["id,service,title,created_at,resolved_at,resolved_by", ...rows.map((row) => row.join())].join("\n"),
  );
  return path;
}

test("names --home tells what the champion has learnt, with the reason; the ledger's names stay as they are", async () => {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  const history = thresholds(folder);
  expect(await mrdataHere(["import", history, "--home", home])).toMatchObject({ code: 0 });
  const training = ["train", history, "--promote", "--even-so", "--i-know", "--refits", "2", "--no-windows"];
  expect(await mrdataHere([...training, "--home", home])).toMatchObject({ code: 0 });
  const titles = file("Disk usage over 95%\nQueue is long");
  const { stdout } = await mrdataHere(["names", titles, "--home", home]);
  expect(stdout).toContain("as v1 has learnt on PDISK: disk usage over 95%");
  expect(stdout).toMatch(/'95' stays: the outcomes of its 2 values differ; of \d+ with this one 0 resolved/);
  expect(stdout.match(/has learnt/g)).toHaveLength(1);
  const before = await mrdataHere(["names", titles, "--json"]);
  expect((await mrdataHere(["names", titles, "--home", home, "--json"])).stdout).toBe(before.stdout);
});

test("names --refile files nothing twice", async () => {
  const { home } = await uptime();
  const { code, stdout } = await mrdataHere(["names", "--refile", "--home", home, "--json"]);
  expect({ code, told: JSON.parse(stdout) }).toEqual({
    code: 0,
    told: { incidents: 30, refiled: 0, setAside: 0 },
  });
});

test.each([
  ["UTF-16", Buffer.from("\ufeffDisk is full\n", "utf16le"), "is UTF-16"],
  ["no UTF-8", Buffer.from("Platte für Müller voll\n", "latin1"), "line 1 is no UTF-8"],
  ["no text", Buffer.from([1, 0, 2, 255]), "is no text"],
  ["a PDF", Buffer.from("%PDF-1.7\n"), "is a PDF"],
])("names of %s makes up no letters", async (_, bytes, told) => {
  const path = join(temporaryFolder(), "titles.txt");
  writeFileSync(path, bytes);
  for (const json of [[], ["--json"]])
    expect(await mrdataHere(["names", path, ...json])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(told),
    });
});

test("names without a title, or of a file that is not there, says so", async () => {
  expect(await mrdataHere(["names", file("\n")])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is no title"),
  });
  const absent = await mrdataHere(["names", join(temporaryFolder(), "none.txt")]);
  expect(absent).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("none.txt cannot be read: there is no such file"),
  });
  const folder = await mrdataHere(["names", temporaryFolder()]);
  expect(folder).toMatchObject({ code: 1, stderr: expect.stringContaining("it is a folder") });
});
