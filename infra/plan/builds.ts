/** Where every project may build; some may nowhere else (https://cloud.google.com/build/docs/locations). */
const buildRegions: readonly string[] = [
  "asia-east1",
  "australia-southeast1",
  "europe-west1",
  "southamerica-east1",
  "us-central1",
  "us-west2",
];

/** Where to read why a build failed, and what it may be besides. */
export function buildHint(region: string): string {
  const read = `Why is in the log of its build: gcloud builds list --region ${region}`;
  return buildRegions.includes(region)
    ? `${read}.`
    : `${read}. Some projects may build in ${buildRegions.join(", ")} only: if it says so, pulumi config set region to one of them, before there is anything to keep.`;
}
