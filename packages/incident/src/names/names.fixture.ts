import { namesOf } from "./names-of.ts";

/** Random titles by the generators' grammars; always the same ones. */
function chance(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(of: readonly [T, ...T[]]): T => of[int(0, of.length - 1)] ?? of[0];
  const text = (letters: string, length: number): string =>
    Array.from({ length }, () => letters[int(0, letters.length - 1)]).join("");
  return { int, pick, text, next };
}

const SAFE = "bcdfghjklmnpqrstvwxz2456789";
const HEX = "0123456789abcdef";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const BASE36 = `0123456789${LETTERS}`;
const BASE62 = `${BASE36}${LETTERS.toUpperCase()}`;

const owners = [
  "web",
  "checkout-api",
  "fluent-bit",
  "node-exporter",
  "cart-v2",
  "kube-proxy",
  "coredns",
] as const;
const podTitles = [
  "Pod shop/$ is in waiting state",
  "Pod $ restarted",
  "KubePodNotReady: $ (prod)",
  "Container web in pod $ was killed",
] as const;
const ownedTitles = [...podTitles, "$ is crash looping", "[P1] $: high memory"] as const;
const nodeTitles = [
  "Node $ is not ready",
  "$ NotReady",
  "Kubelet on $ stopped",
  "[node=$] disk pressure",
] as const;

/** `count` titles of each kind with names as Kubernetes, GKE, AKS, EKS and Cloud Run generate them. */
export function clusterNames(count: number): Readonly<Record<string, readonly string[]>> {
  const { int, pick, text } = chance(7);
  /** A replica set's hash: FNV's 32 bits in decimal digits, each as one of the safe letters (SafeEncodeString). */
  const templateHash = () =>
    [...String(int(0, 2 ** 32 - 1))].map((digit) => SAFE[digit.charCodeAt(0) % SAFE.length]).join("");
  const filled = (titles: readonly [string, ...string[]], name: string) => pick(titles).replace("$", name);
  const owner = () => pick(owners);
  const kinds: Readonly<Record<string, () => string>> = {
    replicaSet: () => filled(ownedTitles, `${owner()}-${templateHash()}-${text(SAFE, 5)}`),
    daemonSet: () => filled(ownedTitles, `${owner()}-${text(SAFE, 5)}`),
    statefulSet: () => filled(podTitles, `${owner()}-${int(0, 400)}`),
    job: () => filled(ownedTitles, `${owner()}-${text(SAFE, 5)}`),
    cronJob: () => filled(ownedTitles, `${owner()}-${int(27_000_000, 29_999_999)}-${text(SAFE, 5)}`),
    gke: () => filled(nodeTitles, `gke-${owner()}-default-pool-${text(HEX, 8)}-${text(BASE36, 4)}`),
    gkeAutopilot: () => filled(nodeTitles, `gk3-${owner()}-pool-1-${text(HEX, 8)}-${text(BASE36, 4)}`),
    gkeOwnPool: () =>
      filled(
        nodeTitles,
        `${pick(["gke", "gk3"])}-shop-nap-${pick(["", "e2-standard-4-", "n2d-highmem-8-gpu1-"])}${text(BASE36, 8)}-${text(HEX, 8)}-${text(BASE36, 4)}`,
      ),
    aks: () => filled(nodeTitles, `aks-nodepool1-${int(10_000_000, 49_999_999)}-vmss${text(BASE36, 6)}`),
    aksWindows: () => filled(nodeTitles, `akswin0${text(BASE36, 5)}`),
    eks: () =>
      filled(nodeTitles, `ip-10-${int(0, 255)}-${int(0, 255)}-${int(0, 255)}.eu-west-1.compute.internal`),
    eksById: () => filled(nodeTitles, `i-0${text(HEX, 16)}.eu-west-1.compute.internal`),
    cloudRun: () =>
      filled(
        ["Revision $ has errors", "$: 5xx"],
        `${owner()}-${String(int(1, 400)).padStart(5, "0")}-${text(LETTERS, 3)}`,
      ),
    knative: () =>
      filled(
        podTitles,
        `${owner()}-${String(int(1, 400)).padStart(5, "0")}-deployment-${templateHash()}-${text(SAFE, 5)}`,
      ),
    fargate: () =>
      filled(nodeTitles, `fargate-ip-10-${int(0, 255)}-${int(0, 255)}-${int(0, 255)}.ec2.internal`),
    indexedJob: () => filled(["KubeJobFailed: shop/$"], `${owner()}-${int(0, 40)}-${text(SAFE, 5)}`),
    statefulSetOfPod: () => filled(["pod/$ was evicted"], `${owner()}-${int(0, 40)}`),
    lambda: () =>
      filled(
        ["Lambda $ has errors"],
        `arn:aws:lambda:eu-west-1:123456789012:function:${owner()}:${int(1, 400)}`,
      ),
    scaleSet: () =>
      filled(
        nodeTitles,
        `web${pick(["-", ""])}vmss${pick([`_${int(0, 400)}`, `_${text(HEX, 8)}`, int(0, 2_000).toString(36).toUpperCase().padStart(6, "0")])}`,
      ),
    nomad: () => filled(["Nomad alloc $ failed", "alloc_id: $ is lost", "Allocation $"], text(HEX, 8)),
    digitsOnly: () =>
      filled(
        ["Deploy of $ failed", "image web:$ is missing", "container $", "order $"],
        text("0123456789", 8),
      ),
    yarn: () =>
      filled(
        ["Spark $ failed"],
        `application_${int(15, 17)}${text("0123456789", 11)}_${text("0123456789", 4)}`,
      ),
    dataflow: () =>
      filled(
        ["Dataflow job $"],
        `2026-0${int(1, 9)}-1${int(0, 9)}_01_43_${int(10, 59)}-${text("123456789", 16)}`,
      ),
    ksuid: () => filled(["Order $ is stuck"], `2${text(BASE62, 26)}`),
    uuid: () => filled(["Order $ is stuck"], [8, 4, 4, 4, 12].map((length) => text(HEX, length)).join("-")),
    trace: () => filled(["Fault in trace $"], `1-${text(HEX, 8)}-${text(HEX, 24)}`),
    commit: () => filled(["commit $ broke the build"], text(HEX, 7)),
  };
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, make]) => [kind, Array.from({ length: count }, make)]),
  );
}

/** How many titles share their name at a level with no other. */
export function alarmsOfTheirOwn(titles: readonly string[], level: 0 | 1 | 2): number {
  const byName = Map.groupBy(new Set(titles), (title) => namesOf(title)[level]);
  return [...byName.values()].filter(({ length }) => length === 1).length;
}

type Chance = ReturnType<typeof chance>;
export const ipv4 = ({ int }: Chance): string => Array.from({ length: 4 }, () => int(0, 255)).join(".");
export function ipv6({ int, next, text }: Chance): string {
  const groups = Array.from({ length: 8 }, () => (next() < 0.3 ? "0" : int(0, 65_535).toString(16)));
  const forms: readonly [() => string, ...(() => string)[]] = [
    () => groups.join(":"),
    () => groups.join(":").replace(/(?:^|:)0(?::0)+(?::|$)/u, "::"),
    () => groups.map((group) => group.padStart(4, "0")).join(":"),
    () => groups.join(":").toUpperCase(),
    () => `fe80::${text(HEX, 4)}%eth0`,
    () => `2001:db8::${text(HEX, 2)}`,
    () => `::ffff:10.${int(0, 255)}.3.${int(0, 255)}`,
  ];
  return (forms[int(0, forms.length - 1)] ?? forms[0])();
}

const addressTitles = [
  "Host $ is down",
  "[$] unreachable",
  "$: connection refused",
  "No route to $.",
  "Ping ($) lost",
  "instance=$ down",
  "instance:$ is not ready",
] as const;

/** Titles with random addresses that are named differently from most of their form. */
export function seldomSeen(make: (of: Chance) => string, level: 0 | 1 | 2): readonly string[] {
  const of = chance(11);
  return addressTitles.flatMap((title) => {
    const titles = Array.from({ length: 150 }, () => title.replace("$", make(of)));
    const groups = [...Map.groupBy(titles, (one) => namesOf(one)[level]).values()];
    return groups
      .toSorted((a, b) => b.length - a.length)
      .slice(1)
      .flat();
  });
}

const kindsApart: Readonly<
  Record<string, readonly [(of: Chance) => string, readonly [string, ...string[]]]>
> = {
  host: [
    (of) =>
      of.pick([
        () => `${of.pick(["web", "db", "app", "mail", "lb"])}${of.pick(["", "-"])}${of.int(1, 40)}`,
        () => `${of.text(LETTERS, 6)}.example.com`,
        () => `${of.pick(owners)}-${of.int(1, 9)}.prod.example.com`,
        () => ipv4(of),
        () => `https://${of.text(LETTERS, 5)}.example.com/health`,
      ])(),
    [
      "Host $ is down",
      "Disk 91% full on $",
      "[$] connect ECONNREFUSED",
      "CPU on $ above 90%",
      "$: load is high",
      "[Triggered on {host:$}] Disk",
      "[FIRING:1] HostHighCpuLoad (instance=$)",
      "** PROBLEM Host Alert: $ is DOWN **",
      "OPEN Problem P-26061234: High CPU on $",
      "PROBLEM: Zabbix agent on $ is unreachable for 5 minutes",
    ],
  ],
  status: [
    ({ pick }) => String(pick([200, 301, 400, 401, 403, 404, 429, 500, 502, 503, 504])),
    [
      "HTTP $ on checkout",
      "Checkout returns $",
      "Status code $ from api",
      "shop is down (HTTP $)",
      "$ errors on shop",
      "Error $: bad gateway",
      "HTTP status is $",
      "api: too many $s",
      "$s are above 2%",
      'ALARM: "ELB-$-count" in EU (Ireland)',
      "HTTPCode_Target_$_Count is high",
      "[FIRING:1] High$Rate (api)",
      '[FIRING:1] HighHttpErrors (code="$" api)',
      "Rate of HTTP-$ is too high",
      "http_$ spike",
      "HTTP CRITICAL: HTTP/1.1 $ Service Error - 0.3 second response time",
    ],
  ],
  percentile: [
    ({ pick }) => String(pick([50, 75, 90, 95, 99, 99.9])),
    [
      "p$ latency is 501ms",
      "$th percentile of latency",
      "P$ > 3s on web",
      "$ percentile response time",
      "quantile 0.$ latency",
      "histogram_quantile(0.$, rt) > 1",
      'rt{quantile="0.$"}',
      'ALARM: "latency-p$" in US East',
      "TM$ latency",
      "upper_$ of timer is 5s",
      "pct$ latency",
    ],
  ],
  port: [
    ({ pick }) => String(pick([22, 53, 80, 443, 3306, 5432, 6379, 8080, 8125, 9100, 27017])),
    [
      "Port $ is closed on db",
      "db:$ is unreachable",
      "10.0.3.7:$ refused",
      "TCP $ check failed",
      "port $/tcp down",
      "[fe80::1]:$ down",
      "dial tcp 10.1.2.3:$: connect: connection refused",
      "Service TCP/$ is down on web",
      "tcp_$ check failed",
      "connect to address 10.0.0.1 and port $: Connection refused",
    ],
  ],
  priority: [
    ({ int }) => String(int(1, 5)),
    ["[P$] disk full", "Priority $: disk full", "SEV-$ disk full", "P$: pod web is crash looping"],
  ],
  environment: [
    ({ pick }) => pick(["prod", "production", "staging", "dev", "test", "qa", "uat"]),
    [
      "[Triggered on {env:$}] CPU",
      "namespace=$ restarts",
      "[FIRING:1] Down (api $ critical)",
      "[$] disk full",
      "disk full in $",
      "web-$ down",
      "db.$.example.com down",
      "$/web down",
    ],
  ],
  direction: [
    ({ pick }) => pick(["up", "down"]),
    ["web is $", "traffic went $ by 30%", "link $ on eth0", "Interface Gi0/1, changed state to $"],
  ],
};

/** `count` pairs of each kind that differ in nothing else. */
export function titlesApart(count: number): Readonly<Record<string, readonly (readonly [string, string])[]>> {
  const of = chance(13);
  return Object.fromEntries(
    Object.entries(kindsApart).map(([kind, [make, titles]]) => [
      kind,
      Array.from({ length: count }, () => {
        const title = of.pick(titles);
        return [title.replace("$", make(of)), title.replace("$", make(of))] as const;
      }).filter(([one, other]) => one !== other),
    ]),
  );
}
