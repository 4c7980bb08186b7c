import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertTypeOf, fnv1a64, normaliseTitle } from "./alert-type.ts";

describe("normaliseTitle", () => {
  it.each([
    ["Disk 91% full on db-17", "Disk 3% full on db-2"],
    ["Host 10.0.3.7:9100 is down", "Host 192.168.1.20:9100 is down"],
    ["Job 6f1c2a54-0d9e-4b7f-8d2c-0e6f3b1a9c77 failed", "Job 00000000-0000-4000-8000-000000000001 failed"],
    [
      "Pod api-7d9f8b6c5d-x2k on node ip-10-1-2-3.eu-west-1.compute.internal",
      "Pod api-5c8d7b9f4e-x2k on node ip-10-9-8-7.eu-west-1.compute.internal",
    ],
    ["Backup of 2026-03-01T02:00:00Z is late", "Backup of 2026-04-17T02:30:11Z is late"],
    ["Backup of 28 Nov 2026 failed", "Backup of 3 December 2026 failed"],
    ["Backup of 28-Nov-2026 failed", "Backup of 03/May/2027 failed"],
    ["No report for November 28th", "No report for Dec. 3, 2026"],
    ["Error 0xDEADBEEF in worker", "Error 0x00C0FFEE in worker"],
    [
      "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke it",
      "commit 1b8e7a90c4d2f3e5a6b7c8d9e0f1a2b3c4d5e6f7 broke it",
    ],
    ["fe80::1ff:fe23:4567:890a unreachable", "2001:db8::2:1 unreachable"],
    ["See https://status.example.com/a/1?x=2 now", "See https://other.example.org/b now"],
    ["Mail to ops@example.com bounced", "Mail to sre+night@example.org bounced"],
    ["Latenz über ١٢ ms", "Latenz über ٩٩ ms"],
    ["Answers after 501ms, 91.5GB queued for 5m30s", "Answers after 7ms, 3GB queued for 12m1s"],
    ["Pod edge-cache-779ffc restarted", "Pod edge-cache-ada3b2 restarted"],
    ["Job import_4f5e6d failed", "Job import_99c0ffee failed"],
    ["Pod api-7d9f8b6c5d-x2k4p crashed", "Pod api-5c8d7b9f4e-qwzws crashed"],
    ["Pod fluentd-x2k4p crashed", "Pod fluentd-7b9qz crashed"],
  ])("sees one alarm in '%s' and '%s'", (one, other) => {
    expect(normaliseTitle(one)).toBe(normaliseTitle(other));
  });

  it.each([
    ["HTTP 5xx on checkout", "HTTP 4xx on checkout"],
    ["Deadbeef is down", "Decade is down"],
    ["12 market orders failed", "12 decoders failed"],
    ["Datenbank überlastet", "Datenbank gelöscht"],
    ["接続エラー", "認証エラー"],
    ["Disk full", "Disk failing"],
  ])("keeps '%s' and '%s' apart", (one, other) => {
    expect(normaliseTitle(one)).not.toBe(normaliseTitle(other));
  });

  it("ignores case, white space, control characters and the way a letter is composed", () => {
    expect(normaliseTitle("  ÜBER\tlast \u200b\n")).toBe(normaliseTitle("u\u0308ber last"));
  });

  it("takes any text, is idempotent, and stays within 300 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (title) => {
        const once = normaliseTitle(title);
        expect(once.isWellFormed()).toBe(true);
        expect([...once].length).toBeLessThanOrEqual(300);
        expect(normaliseTitle(once)).toBe(once);
      }),
    );
  });

  it.each(["t", "1.", "a-", "a.", "+"])("is done soon with a title of 64 KB, of '%s'", (part) => {
    const title = part.repeat((64 * 1024) / part.length);
    const before = process.cpuUsage();
    normaliseTitle(title);
    const { user, system } = process.cpuUsage(before);
    // Microseconds of the processor's time, not of a clock's: the square of the length takes two seconds and more.
    expect(user + system).toBeLessThan(1_000_000);
  });
});

describe("alertTypeOf", () => {
  it("is the service's own: the same title elsewhere is another alarm", () => {
    expect(alertTypeOf("PSVC001", "Disk full").key).not.toBe(alertTypeOf("PSVC002", "Disk full").key);
  });
  it("is stable for ever: stored keys depend on it", () => {
    expect(alertTypeOf("PSVC001", "Disk 91% full on db-17").key).toMatchInlineSnapshot(
      `"PSVC001:f9c245a6aec49ec9"`,
    );
  });
});

describe("fnv1a64", () => {
  const plainly = (text: string): string => {
    let hash = 0xcbf29ce484222325n;
    for (let i = 0; i < text.length; i++)
      for (const part of [text.charCodeAt(i) & 0xff, text.charCodeAt(i) >> 8])
        hash = BigInt.asUintN(64, (hash ^ BigInt(part)) * 0x100000001b3n);
    return hash.toString(16).padStart(16, "0");
  };
  it("equals the definition with BigInt, for any text: stored keys and shards depend on it", () => {
    expect(fnv1a64("")).toBe("cbf29ce484222325");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(fnv1a64(text)).toBe(plainly(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
