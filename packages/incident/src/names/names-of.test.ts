import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardsOf } from "./guards.ts";
import { alarmsOfTheirOwn, clusterNames, ipv4, ipv6, seldomSeen, titlesApart } from "./names.fixture.ts";
import { namesOf, reasonsForNames } from "./names-of.ts";

describe("namesOf", () => {
  it.each([
    ["Node gke-shop-primary-6d6bf51e-10rv is not ready", "Node gke-shop-primary-6d6bf51e-rw7l is not ready"],
    [
      "Node gke-shop-preemptibles-c9533114-mqtn is not ready",
      "Node gke-shop-preemptibles-c9533114-w899 is not ready",
    ],
    ["Pod graylog/fluent-bit-g56nc is in waiting state", "Pod graylog/fluent-bit-vmvcf is in waiting state"],
    ["Pod graylog/fluent-bit-g56nc is in waiting state", "Pod graylog/fluent-bit-zpvs7 is in waiting state"],
    ["Backup report - Monday, May 20, 2024", "Backup report - Tuesday, May 21, 2024"],
    ["Sat, 15 Jun 17:39 UTC: queue is long", "Sun, 16 Jun 17:41 UTC: queue is long"],
    ["Job 01HX5ZK3QJ8M4T7V9W2Y6B1C0D failed", "Job 01HXA7R2NPZ3K5E8G1H4J6M9QS failed"],
    [
      "Pod is crash looping (shop): web is in waiting state\\n",
      "Pod is crash looping (shop): web is in waiting state",
    ],
    ["Queue depth of orders is 8.838815e+06", "Queue depth of orders is 52310"],
    ["Error ratio is 1.2345e-05", "Error ratio is 0.31"],
    ["Sicherung vom Montag, 20. Mai 2024", "Sicherung vom Dienstag, 4. Juni 2024"],
    ["Informe del lunes 20 de mayo de 2024", "Informe del viernes 7 de junio de 2024"],
    ["Rapport du lundi 20 mai 2024 à 10h15", "Rapport du jeudi 1er août 2024 à 09h00"],
    ["日次バックアップ 2024年5月20日(月) 失敗", "日次バックアップ 2024年12月3日(火) 失敗"],
    ["Run 2024-05-20T10:10:10.123+02:00 failed", "Run 2024-06-01T00:00:00Z failed"],
    ["C:\\new\\app-2024-05-20.log is full", "C:\\new\\app-2024-06-02.log is full"],
    [
      '{"host":"web-1","value":0.31,"traceId":"3f2a9c1b"}',
      '{"host":"web-1","value":1.7,"traceId":"a81c0d22"}',
    ],
    [
      "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke",
      "commit 1b8e7a90c4d2f3e5a6b7c8d9e0f1a2b3c4d5e6f7 broke",
    ],
    ["Instance i-0a1b2c3d4e5f60718 is impaired", "Instance i-0ffeeddccbbaa9988 is impaired"],
    ["[FIRING:3] HighLoad (web prod)", "[FIRING:1] HighLoad (web prod)"],
    ["3 pods are crash looping", "7 pods are crash looping"],
    ["Memory is 1.5 GiB", "Memory is 900MiB"],
    ["Lag is 5m30s", "Lag is 2 hours"],
    ["Latency is 1.5E-3s", "Latency is 2s"],
    ["Queue depth is NaN", "Queue depth is 3"],
    ["No heartbeat in the last minute", "No heartbeat in the last 5 minutes"],
    ["Container web in web-x2k4p_shop", "Container web in web-zz9pl_shop"],
    ["sha 9fceb02 failed", "sha 1234567 failed"],
    ["Alerts: a\\nb\\n", "Alerts: a b"],
    ["Temperatur 23,5 °C", "Temperatur 24,1 °C"],
    ["value=NaN threshold=5", "value=0.31 threshold=5"],
    ["mémoire 67,5 Go sur web", "mémoire 4,2 Go sur web"],
    ["Spend of $3,626 today", "Spend of $441.20 today"],
    ["Spend of 3,626.50 EUR today", "Spend of 441 EUR today"],
    ["3/5 pods are ready", "1/5 pods are ready"],
    ["Payment ch_3MqLiJLkdIwHu7ixx4rK was declined", "Payment ch_QzXwVtRkLmNbPqJhGfDs was declined"],
    ["Token V1StGXR8Z5jdHi6B_myT has expired", "Token uQ7xKdW2pLmZr9B-vTc3 has expired"],
    ["Trace HkWrPzTqVbXnLmGd is slow", "Trace 4kQz81WrTxbVnP2d is slow"],
    ["alloc 66362e45 failed", "alloc 12345678 failed"],
    ["Managed instance group shop: shop-mqtn", "Managed instance group shop: shop-x7k2"],
    ["shop00016W is down", "shop0000A3 is down"],
    ["Shop is down since 2026-08-28T22:27:51Z", "Shop is down since 2026-08-03T11:27:51Z"],
    ["Backup failed at Fri Jan 23 07:30:12 UTC 2026", "Backup failed at Sat Jan 2 07:30:12 UTC 2027"],
    ["Shop is down since 1 Mar 2026, 08:08 (UTC)", "Shop is down since 12 May 2026, 18:40 (UTC)"],
    ["Shop was down for 0:12:30", "Shop was down for 1 day, 2:03:04"],
    ["Problem has been resolved in 09:09:59: Disk", "Problem has been resolved in 10h 43m: Disk"],
    [
      "Zabbix agent is lost, original problem ID: 99981429",
      "Zabbix agent is lost, original problem ID: 4711",
    ],
    ["[New Relic] Incident 21569174: High CPU", "[New Relic] Incident 30000001: High CPU"],
    ["DatasourceNoData (rule uid b95de0b6)", "DatasourceNoData (rule uid 69377777)"],
    [
      "Dynatrace problem -7894466124747212891_1476554125537V2: Memory",
      "Dynatrace problem 1893511368121594771_1776554125537V2: Memory",
    ],
    [
      "Splunk: logins (sid scheduler__admin__search__RMD5a50b6_at_1767225600_42)",
      "Splunk: logins (sid scheduler__admin__search__RMD5a50b6_at_1790000000_7)",
    ],
    ["Ticket INC0010023 was opened", "Ticket INC0049999 was opened"],
    ["Jira issue OPS-404: disk full", "Jira issue OPS-1203: disk full"],
    ["Traffic is 628 req/min", "Traffic is 12.5 req/min"],
    ["467 unacked messages on orders", "12 unacked messages on orders"],
  ])("sees one alarm in '%s' and '%s' at the finest level", (one, other) => {
    expect(namesOf(one)[0]).toBe(namesOf(other)[0]);
  });

  it.each([
    ["Instance 10.0.3.7:9100 is down", "Instance 10.0.3.17:9100 is down"],
    ["instance:10.42.0.228:8080 is not ready", "instance:10.42.9.5:8080 is not ready"],
    ["Probe of 172.31.94.6:80 failed", "Probe of 172.31.94.166:80 failed"],
    ["[Uptime Kuma Alert] [blog.example.com] is down", "[Uptime Kuma Alert] [checkout.example.com] is down"],
    [
      "Monitor with url https://blog.example.com/ is down",
      "Monitor with url https://pay.example.com/api is down",
    ],
    ["db-17 is slow", "db-2 is slow"],
    ["ops@example.com bounced", "sre+night@example.org bounced"],
    ["00:1b:44:11:3a:b7 is gone", "00:1B:44:11:3A:B8 is gone"],
    ["Deploy #31 of api failed", "Deploy #1602 of api failed"],
  ])("tells '%s' and '%s' apart at the finest level alone", (one, other) => {
    expect(namesOf(one)[0]).not.toBe(namesOf(other)[0]);
    expect(namesOf(one)[1]).toBe(namesOf(other)[1]);
  });

  it("reads one and several as one alarm where it leaves numbers out", () => {
    expect(namesOf("1 pod is crash looping")[1]).toBe(namesOf("3 pods are crash looping")[1]);
  });

  it.each([
    ["web-https is down", "web-mssql is down"],
    ["TLS 1.2 is offered", "TLS 1.3 is offered"],
    ["eu-west-1 is slow", "eu-west-2 is slow"],
    ["std::bad_alloc in worker", "std::bad_cast in worker"],
    ["Deadbeef is down", "Decade is down"],
    ["app-srv24 is down", "app-srv25 is down"],
    ["↑ traffic", "↓ traffic"],
    ["prio 1 x", "prio 2 x"],
    ["error rate of 500s is 3", "error rate of 404s is 3"],
    ["load balancer status is 502", "load balancer status is 503"],
    ["Load on port is 5432", "Load on port is 8125"],
    ["p99.9 is slow", "p99.99 is slow"],
    ["95% percentile", "99% percentile"],
    ["argument $1 is missing", "argument $2 is missing"],
    ["Event ID 4625 on dc01", "Event ID 7036 on dc01"],
    ["Event 4625 on dc01", "Event 7036 on dc01"],
    ["KubeAPIErrorBudgetBurn", "KubeDNSHTTPErrorsHigh"],
    ["RAIDDegradedSDBonDB01", "RAIDDegradedSDBonDB02"],
    ["SQLSrvAgentJob_NightlyETL failed", "SQLSrvAgentJob_NightlyDWH failed"],
    ["sw-r1u2 is down", "sw-r1u3 is down"],
    ["web-h264 is slow", "web-h265 is slow"],
    ["image web:8080 is unreachable", "image web:9090 is unreachable"],
    ["image facade is missing", "image decade is missing"],
    ["SRV-DC01-FRA-Prd02b is down", "SRV-DC01-FRA-Prd03b is down"],
    ["HP-LaserJet-M506dn-2ndFloor", "HP-LaserJet-M506dn-3rdFloor"],
    ["web-httpd is down", "web-snmpd is down"],
    ["gw-smtp2 is down", "gw-smtp4 is down"],
    ["facade12 is down", "facade13 is down"],
    ["decade80 is down", "deadbeef1 is down"],
    ["web-i18n is down", "web-l10n is down"],
    ["srv000123 is down", "srv000124 is down"],
    ["disk_12 is failing", "disk_13 is failing"],
    ["container 5 of 7 failed", "container 6 of 7 failed"],
    ["400s are above 2%", "503s are above 2%"],
    ["WAF rule id 942100 matched", "WAF rule id 941160 matched"],
    ["Update KB5034441 failed", "Update KB5039212 failed"],
    ["web-404 is slow", "web-405 is slow"],
    ["function:checkout:live has errors", "function:checkout:test has errors"],
  ])("keeps '%s' and '%s' apart", (one, other) => {
    expect(namesOf(one)[0]).not.toBe(namesOf(other)[0]);
  });

  it("makes hardly any alarm of its own of a name that a cluster made up", () => {
    for (const [kind, titles] of Object.entries(clusterNames(1_000))) {
      expect({ kind, own: alarmsOfTheirOwn(titles, 0) / titles.length }).toEqual({
        kind,
        own: expect.toSatisfy((share: number) => share <= 0.01),
      });
    }
  });

  it("takes every address out at the middle level", () => {
    for (const address of [ipv4, ipv6]) expect(seldomSeen(address, 1)).toEqual([]);
  });

  it("distinguishes titles that differ in host, status, percentile, port, priority, environment or direction", () => {
    for (const [kind, pairs] of Object.entries(titlesApart(500))) {
      const same = pairs.filter(([one, other]) => namesOf(one)[0] === namesOf(other)[0]);
      expect({ kind, same: same.slice(0, same.length <= 0.01 * pairs.length ? 0 : 9) }).toEqual({
        kind,
        same: [],
      });
    }
  });

  it("distinguishes by their guarded parts what differs in status, percentile, port, priority, environment or direction", () => {
    for (const [kind, pairs] of Object.entries(titlesApart(500)).filter(([kind]) => kind !== "host")) {
      const same = pairs.filter(
        ([one, other]) =>
          // No quantile is written "0.99.9".
          !`${one} ${other}`.includes("0.99.9") && guardsOf(namesOf(one)[0]) === guardsOf(namesOf(other)[0]),
      );
      expect({ kind, same: same.slice(0, 5) }).toEqual({ kind, same: [] });
    }
  });

  it("takes any text, has a name of at most 300 characters, and the name of a name is itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (title) => {
        const names = namesOf(title);
        expect(names).toHaveLength(3);
        for (const name of names) {
          expect(name.isWellFormed()).toBe(true);
          expect([...name].length).toBeLessThanOrEqual(300);
        }
        expect(namesOf(names[0])).toEqual(names);
      }),
    );
  });

  it("never splits at a coarser level what is one at a finer one", () => {
    const titles = Object.values(clusterNames(60)).flat();
    const levels = titles.map((title) => namesOf(title));
    for (const finer of [0, 1] as const) {
      const above = new Map<string, string>();
      for (const names of levels) {
        expect(above.get(names[finer]) ?? names[finer + 1]).toBe(names[finer + 1]);
        above.set(names[finer], names[finer + 1] ?? "");
      }
    }
  });

  it.each(["t", "1.", "a-", "a.", "+", "1:", "<id>", "may 1 "])("is done soon with 64 KB of '%s'", (part) => {
    const before = process.cpuUsage();
    namesOf(part.repeat((64 * 1024) / part.length));
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
  });

  it("is stable for ever: stored keys depend on it", () => {
    expect(
      namesOf("[P1] HTTP 503 on web-3.eu.example.com, pod api-7d9f8b6c5d-x2k4p, 10.0.0.1:443 for 5m"),
    ).toEqual([
      "[p1] http 503 on web-3.eu.example.com, pod api-<id>, 10.0.0.1:443 for <duration>",
      "[p<n>] http <n> on <host>, pod api-<id>, <ip> for <n>",
      "p http on pod api for",
    ]);
  });
});

describe("reasonsForNames", () => {
  it("reports what each level removes, and why", () => {
    const { replaced } = reasonsForNames("Pod web-x2k4p on 10.0.0.1 since 2024-05-20");
    expect(replaced[0].map(({ text, by }) => [text, by])).toEqual([
      ["-x2k4p", "-<id>"],
      ["2024-05-20", "<date>"],
    ]);
    expect(replaced[1].map(({ why }) => why)).toEqual(["an address"]);
  });
});
