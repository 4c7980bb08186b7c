import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { type Plan, planOf } from "./program.ts";
import { stacks } from "./stacks.ts";

const least = stacks.least;

/** The program's plan where Google answers one kind of question like this. */
const planWhere = (
  question: string,
  answer: (inputs: Readonly<Record<string, unknown>>) => Record<string, unknown>,
) =>
  planOf("dev", least, {
    ask: (token, inputs) => (token.endsWith(`:${question}`) ? answer(inputs) : {}),
  });
/** As gRPC has it, of which the SDK reads the details. */
const refusing = (why: string) => () => {
  throw Object.assign(new Error(why), { details: why });
};

async function refusal(planned: Promise<Plan>): Promise<string> {
  const error = await planned.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(pulumi.RunError.isInstance(error), String(error)).toBe(true);
  return error instanceof Error ? error.message : "";
}

describe("the project is looked at before anything is made", () => {
  for (const said of [
    "failed to load application credentials:\nTo use your default gcloud credentials, run: …",
    "google: could not find default credentials. See https://cloud.google.com/docs/authentication",
  ])
    test(`nobody is logged in: ${said.slice(0, 40)}`, async () => {
      expect(await refusal(planWhere("getProject", refusing(said)))).toBe(
        "Nobody is logged in to Google Cloud here: gcloud auth application-default login",
      );
    });

  for (const said of [
    "googleapi: Error 403: Cloud Resource Manager API has not been used in project 111 before or it is disabled. Enable it by visiting https://console.developers.google.com/…",
    'googleapi: Error 403: …, "reason": "SERVICE_DISABLED", "service": "cloudresourcemanager.googleapis.com"',
  ])
    test(`the API is off that enables the others: ${said.slice(0, 60)}`, async () => {
      expect(await refusal(planWhere("getProject", refusing(said)))).toMatch(
        /^The API cloudresourcemanager\.googleapis\.com is off in project least-project, .*: gcloud services enable cloudresourcemanager\.googleapis\.com --project least-project$/,
      );
    });

  test("the number is another project's", async () => {
    expect(await refusal(planWhere("getProject", () => ({ number: "222222222222" })))).toBe(
      "mrdata:projectNumber is 111111111111, and Google says that project least-project has the number 222222222222: pulumi config set projectNumber 222222222222",
    );
  });

  test("the right number, and a Google that says nothing of all this, stop nothing", async () => {
    for (const answer of [
      () => ({ number: "111111111111" }),
      refusing("googleapi: Error 403: The caller does not have permission"),
      refusing("dial tcp: lookup cloudresourcemanager.googleapis.com: no such host"),
    ])
      expect((await planWhere("getProject", answer)).resources.length).toBeGreaterThan(50);
  });
});

describe("a function that is FAILED at Google", () => {
  const descriptions = ({ resources }: Plan) =>
    Object.fromEntries(
      resources
        .filter(({ type }) => type.endsWith(":Function"))
        .map(({ name, inputs }) => [name, inputs.description]),
    );
  const planWhereFunctions = (
    answer: (name: string) => { readonly state: string; readonly description: string },
  ) => planWhere("getFunction", ({ name }) => answer(String(name)));

  test("is declared with another description, which replaces it; the others keep theirs, and it keeps it afterwards", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const first = await planWhereFunctions((name) => ({
      state: name === "mrdata-receive" ? "FAILED" : "ACTIVE",
      description: name === "mrdata-record" ? "Mr Data: record, made again 2" : "Mr Data: any",
    }));
    expect(descriptions(first)).toEqual({
      "receive-function": "Mr Data: receive, made again 1",
      "respond-function": "Mr Data: respond",
      "record-function": "Mr Data: record, made again 2",
      "sweep-function": "Mr Data: sweep",
      "retrain-function": "Mr Data: retrain",
      "learn-function": "Mr Data: learn",
      "probe-function": "Mr Data: probe",
      "report-function": "Mr Data: report",
      "digest-function": "Mr Data: digest",
    });
    expect(String(warn.mock.calls)).toContain("receive: FAILED at Google, so deleted and made again");
    warn.mockRestore();
    const after = await planWhereFunctions((name) => ({
      state: "ACTIVE",
      description: name === "mrdata-receive" ? "Mr Data: receive, made again 1" : "",
    }));
    expect(descriptions(after)["receive-function"]).toBe("Mr Data: receive, made again 1");
  });

  test("one that is not there, or of which nobody can tell, is declared as ever", async () => {
    for (const why of ["googleapi: Error 404: Resource was not found", "no credentials"]) {
      const plan = await planWhere("getFunction", refusing(why));
      expect(descriptions(plan)["receive-function"]).toBe("Mr Data: receive");
    }
  });
});
