import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { answerOf } from "./ask-google.ts";
import type { Settings } from "./settings/settings.ts";

/**
 * Refuses, in a sentence and before anything is made, what would end a first `up` half-way: nobody is logged in, the API is
 * off that everything about projects goes through and that cannot enable itself, or the number is another project's, so that
 * accounts and addresses would be made up that do not exist. Where Google says nothing of these, nothing is refused.
 */
export async function refuseWrongProject({ project, projectNumber }: Settings): Promise<void> {
  const answer = await answerOf(gcp.organizations.getProject({ projectId: project }));
  const sentence =
    "refused" in answer
      ? sentenceOf(answer.refused, project)
      : numberSentence(answer.said.number, projectNumber, project);
  if (sentence !== null) throw new pulumi.RunError(sentence);
}

/** What to do about a refusal; null for one that says nothing of the project as such. */
export function sentenceOf(refused: string, project: string): string | null {
  if (/load application credentials|find default credentials/i.test(refused))
    return "Nobody is logged in to Google Cloud here: gcloud auth application-default login";
  if (
    /cloudresourcemanager\.googleapis\.com|Cloud Resource Manager API/.test(refused) &&
    /has not been used|is disabled|SERVICE_DISABLED/.test(refused)
  )
    return `The API cloudresourcemanager.googleapis.com is off in project ${project}, everything else is enabled through it, and nothing but you can enable it: gcloud services enable cloudresourcemanager.googleapis.com --project ${project}`;
  return null;
}

function numberSentence(number: string | undefined, expected: string, project: string): string | null {
  if (number === undefined || number === "" || number === expected) return null;
  return `mrdata:projectNumber is ${expected}, and Google says that project ${project} has the number ${number}: pulumi config set projectNumber ${number}`;
}
