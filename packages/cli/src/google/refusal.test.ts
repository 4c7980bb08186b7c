import { expect, test } from "vitest";
import { lateRefusal, refusalOf } from "./refusal.ts";

const TARGET = { kind: "gcp", project: "my-project", database: "mrdata" } as const;
const WHO = "robin@example.com";

/** As Google's clients throw: https://grpc.github.io/grpc/core/md_doc_statuscodes.html. */
const grpc = (code: number, name: string, details: string) =>
  Object.assign(new Error(`${code} ${name}: ${details}`), { code, details });

test.each<[string, Error, RegExp]>([
  ["may not", grpc(7, "PERMISSION_DENIED", "Missing or insufficient permissions."), /roles\/datastore\.user/],
  [
    "has the service switched off",
    grpc(
      7,
      "PERMISSION_DENIED",
      "Cloud Firestore API has not been used in project 1 before or it is disabled.",
    ),
    /gcloud services enable firestore\.googleapis\.com --project my-project/,
  ],
  [
    "names no database",
    grpc(5, "NOT_FOUND", "The database mrdata does not exist"),
    /gcloud firestore databases list/,
  ],
  ["is logged out", grpc(16, "UNAUTHENTICATED", "Request had invalid authentication credentials."), /login/],
  [
    "had the log-in taken back",
    grpc(2, "UNKNOWN", "Getting metadata from plugin failed with error: invalid_grant"),
    /gcloud auth application-default login/,
  ],
  ["must prove themselves again", new Error("invalid_rapt: reauth related error"), /login/],
  ["has a key that is none", new Error("error:1E08010C:DECODER routines::unsupported"), /login/],
])(
  "who %s is told who they are, which project, what is missing and the line that mends it",
  (_, error, line) => {
    const sentence = refusalOf(error, TARGET, WHO);
    expect(sentence).toMatch(line);
    expect(sentence).toContain(WHO);
    expect(sentence).toContain("my-project");
    expect(sentence).not.toContain("\n");
  },
);

test.each([
  grpc(14, "UNAVAILABLE", "No connection established"),
  grpc(4, "DEADLINE_EXCEEDED", "Deadline exceeded"),
  new Error("database is locked"),
])("what no log-in mends is told as it is: %s", (error) => {
  expect(refusalOf(error, TARGET, WHO)).toBeNull();
  expect(lateRefusal(error)).toBeNull();
});

test("refusals of Google services in the middle of a command are recognised, other errors are not", () => {
  expect(lateRefusal(grpc(7, "PERMISSION_DENIED", "User not authorized"))).toMatch(/doctor --google/);
  expect(
    lateRefusal(Object.assign(new Error("x does not have storage.objects.get"), { code: 403, errors: [] })),
  ).toMatch(/storage\.objects\.get/);
  // PagerDuty's errors have codes, too.
  expect(lateRefusal(Object.assign(new Error("403"), { code: 403 }))).toBeNull();
  expect(lateRefusal(Object.assign(new Error("a file"), { code: 7 }))).toBeNull();
});
