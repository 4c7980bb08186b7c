import { expect, test } from "vitest";
import { baseUrlProblem, urlProblem } from "./base-url.ts";

test.each([
  "https://robin:SECRET@gateway.example",
  "https://SECRET@gateway.example/path",
  "http://:SECRET@127.0.0.1:9",
  "https://robin:SEC%40RET@gateway.example",
  "https://robin:SECRET@gateway.example:8443/v2?x=1#y",
  "https:/robin:SECRET@gateway.example",
  "https:\\\\robin:SECRET@gateway.example",
  "https://@gateway.example",
  "https://api.pagerduty.com/?token=SECRET",
  "https://api.pagerduty.com/#SECRET",
  "ftp://gateway.example/SECRET",
  "gateway.example/SECRET",
  "SECRET",
  "https://SECRET gateway",
])("%s is refused without quoting any of it", (text) => {
  const problem = baseUrlProblem(text);
  expect(problem).not.toBeNull();
  expect(problem).not.toContain("SECRET");
});

test.each(["https://api.eu.pagerduty.com", "http://127.0.0.1:9/pagerduty/", "https://gateway.example/a@b"])(
  "%s is taken",
  (text) => {
    expect(baseUrlProblem(text)).toBeNull();
  },
);

test("a webhook's URL may have a query, and no password", () => {
  expect(urlProblem("https://hooks.example/?stack=two")).toBeNull();
  expect(urlProblem("https://a:b@hooks.example/?stack=two")).toMatch(/user or a password/);
});
