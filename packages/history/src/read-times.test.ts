import { expect, test } from "vitest";
import { timeMeanings } from "./read-times.ts";

const meant = (text: string, timeZone = "UTC") =>
  timeMeanings({ timeZone, dateOrder: null })(text).moments.map((at) =>
    new Date(at).toISOString().replace(/:00\.000Z$/u, "Z"),
  );

test.each([
  ["Mar 2, 2026 at 7:30 AM"],
  ["Monday, March 2nd, 2026 7:30:00 AM"],
  ["Mon, 02 Mar 2026 07:30:00 GMT"],
  ["Mon Mar 02 07:30:00 UTC 2026"],
  ["Mon Mar 02 2026 08:30:00 GMT+0100 (Central European Standard Time)"],
  ["02 Mar 2026 07:30"],
  ["02-Mar-2026 07.30.00"],
  ["2026/03/02 07:30:00"],
  ["2026-03-02 7:30:00 AM"],
  ["20260302T073000Z"],
  ["20260302073000"],
  ["2026-03-02T08:30:00+01:00[Europe/Berlin]"],
  ["2026-03-02 08:30 Europe/Berlin"],
  ["2026-03-02 08:30 CET"],
  ["Mar 1, 2026 11:30 PM PST"],
  ["2026-03-02 08:30:00 Central European Standard Time"],
  ["Mar 1, 2026 11:30 PM Pacific Standard Time"],
  ["Monday, March 2, 2026 at 2:30:00 AM Eastern Standard Time"],
  ["Monday, March 2, 2026 at 7:30:00 AM Greenwich Mean Time"],
  ["3/2/2026 8:30:00 AM W. Europe Standard Time"],
  ["2026-03-02 08:30 (Romance Standard Time)"],
  ["2026-03-02 13:00 India Standard Time"],
  ["2026-03-01 20:30 UTC-11"],
  ["2. März 2026 um 08:30:00 Mitteleuropäische Normalzeit"],
  ["2 mars 2026 à 08:30:00 heure normale d’Europe centrale"],
  ["Mar 2, 2026, 3:30:00 PM China Standard Time"],
  ["2. März 2026 um 07:30 Uhr"],
  ["Montag, 2. März 2026 um 08:30 Uhr MEZ"],
  ["2 mars 2026 08h30 CET"],
  ["Mo., 2. Mär. 2026 07:30"],
  ["lun. 2 mars 2026 à 07h30"],
  ["2 de marzo de 2026, 7:30"],
  ["7:30 AM, Mar 2, 2026"],
  ["2026-03-02 07:30:00 +0000 UTC m=+0.01"],
  ["/Date(1772436600000)/"],
  ["1772436600"],
  ["1772436600,000"],
  ["1772436600000000"],
  ["1772436600000000000"],
  ["46083.3125"],
])("%s is the 2nd of March, half past seven", (text) => {
  expect(meant(text)).toEqual(["2026-03-02T07:30Z"]);
});

test.each([
  "yesterday",
  "46083",
  "10.0.3.7",
  "Feb 30, 2026 at 4:05 PM",
  "2026-03-02 13:00 AM",
  "2026-03-02 07:30 XYZ",
  "2026-03-02 07:30 Europe/Atlantis",
  "2 jui 2026 07:30",
  "2026-03-02 07:30 IST",
])("%s is no time", (text) => {
  expect(meant(text)).toEqual([]);
});

test("a zone's name resolves the repeated hour; an ambiguous zone is resolved by --time-zone", () => {
  expect(meant("Oct 25, 2026 2:30 AM", "Europe/Berlin")).toHaveLength(2);
  expect(meant("2026-10-25 02:30 CEST", "Europe/Berlin")).toEqual(["2026-10-25T00:30Z"]);
  expect(meant("2026-10-25 02:30 CET", "America/New_York")).toEqual(["2026-10-25T01:30Z"]);
  expect(meant("2026-03-02 07:30 IST", "Asia/Kolkata")).toEqual(["2026-03-02T02:00Z"]);
});

test("dates with slashes need an order, unless one number cannot be a month", () => {
  const read = (text: string, dateOrder: "dmy" | "mdy" | null) =>
    timeMeanings({ timeZone: "UTC", dateOrder })(text);
  expect(read("3/2/2026 7:30", null)).toEqual({ moments: [], takesOrder: true });
  expect(read("3/2/2026 7:30", "mdy")).toEqual(read("2.3.2026 7:30", null));
  expect(read("13/2/2026", null)).toEqual(read("13 Feb 2026", "mdy"));
});

test("a zone in words is also read in summer if it is unambiguous", () => {
  expect(meant("Jul 2, 2026 3:30 AM Eastern Daylight Time")).toEqual(["2026-07-02T07:30Z"]);
  expect(meant("2026-07-02 09:30 Central European Summer Time")).toEqual(["2026-07-02T07:30Z"]);
  expect(meant("2026-07-02 09:30 W. Europe Daylight Time")).toEqual(["2026-07-02T07:30Z"]);
  // Windows calls Berlin so all the year round, and nobody else does.
  expect(meant("2026-07-02 09:30 W. Europe Standard Time")).toEqual(["2026-07-02T07:30Z"]);
});

test("a zone that Windows uses differently in summer is resolved by the time zone", () => {
  const text = "Jul 2, 2026 1:30 AM Pacific Standard Time";
  expect(meant(text)).toEqual([]);
  expect(meant(text, "America/Los_Angeles")).toEqual(["2026-07-02T08:30Z"]);
  expect(meant(text, "Europe/Berlin")).toEqual([]);
});

test.each([
  "Mar 2, 2026 7:30 AM Nowhere Standard Time",
  "2026-03-02 07:30 Some Other Words",
  "2026-03-02 High Time",
])("%s is no time", (text) => {
  expect(meant(text)).toEqual([]);
});
