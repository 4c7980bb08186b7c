import type { FirstMinutes } from "../first-minutes.ts";
import { accountId, at, grantId, type Kind, memberOf, type Props, text, textAt } from "../kind.ts";

const serviceOf = (props: Props, name: string) =>
  `projects/${text(props, "project")}/locations/${text(props, "location")}/functions/${name}`;
const repositoryOf = (props: Props, id: string) =>
  `projects/${text(props, "project")}/locations/${text(props, "location")}/repositories/${id}`;

/** What a function's deployment looks for: its source, its accounts, the images' place, and what builds and runs need. */
function deployed(props: Props): readonly string[] {
  const builder = textAt(props, "buildConfig.serviceAccount").split("/").at(-1) ?? "";
  const runner = textAt(props, "serviceConfig.serviceAccountEmail");
  const images = textAt(props, "buildConfig.dockerRepository");
  const bucket = textAt(props, "buildConfig.source.storageSource.bucket");
  const secrets = at(props, "serviceConfig.secretEnvironmentVariables");
  return [
    bucket,
    `object ${bucket}/${textAt(props, "buildConfig.source.storageSource.object")}`,
    accountId(builder),
    accountId(runner),
    images,
    // A build that may not write its image or its log fails.
    `${images} roles/artifactregistry.writer serviceAccount:${builder}`,
    `${text(props, "project")} roles/logging.logWriter serviceAccount:${builder}`,
    ...(Array.isArray(secrets) ? secrets : []).flatMap((one) => {
      const secret = `projects/${textAt(one, "projectId")}/secrets/${textAt(one, "secret")}`;
      return [
        `${secret}/versions/${textAt(one, "version")}`,
        // Cloud Run looks whether the service may read the secret before it starts it.
        `${secret} roles/secretmanager.secretAccessor serviceAccount:${runner}`,
      ];
    }),
  ];
}

/** The grants that a build and a first start go by, the build's first. */
function grantsNeeded(props: Props): {
  readonly build: readonly string[];
  readonly start: readonly string[];
} {
  const granted = deployed(props).filter((id) => id.includes(" roles/"));
  const isOfSecret = (id: string) => id.includes("/secrets/");
  return { build: granted.filter((id) => !isOfSecret(id)), start: granted.filter(isOfSecret) };
}

function unready(props: Props, minutes: FirstMinutes): string | null {
  const isUnknown = (id: string) => minutes.left("grants", id) > 0;
  const { build, start } = grantsNeeded(props);
  if (build.some(isUnknown))
    return "Build failed with status: FAILURE. Could not build the function due to a missing permission on the build service account. If you didn't revoke that permission explicitly, this could be caused by a change in the organization policies.";
  if (start.some(isUnknown))
    return `Could not create or update Cloud Run service ${text(props, "name")}. spec.template.spec.containers[0].env: Permission denied on secret for Revision service account ${textAt(props, "serviceConfig.serviceAccountEmail")}.`;
  return null;
}

export const functionKinds: Readonly<Record<string, Kind>> = {
  "gcp:cloudfunctionsv2/function:Function": {
    api: "cloudfunctions.googleapis.com",
    id: (props) => serviceOf(props, text(props, "name")),
    computed: (props) => ({
      url: `https://${text(props, "location")}-${text(props, "project")}.cloudfunctions.net/${text(props, "name")}`,
      state: "ACTIVE",
    }),
    immutable: ["name", "location", "project", "kmsKeyName"],
    deletedFirst: true,
    collides: true,
    refersTo: deployed,
    unready,
  },
  "gcp:cloudrun/iamMember:IamMember": {
    api: "run.googleapis.com",
    id: (props) => grantId(serviceOf(props, text(props, "service")), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [serviceOf(props, text(props, "service")), ...memberOf(props)],
  },
  "gcp:artifactregistry/repository:Repository": {
    api: "artifactregistry.googleapis.com",
    id: (props) => repositoryOf(props, text(props, "repositoryId")),
    computed: (props) => ({ name: text(props, "repositoryId") }),
    immutable: ["project", "location", "repositoryId", "format"],
    collides: true,
  },
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": {
    api: "artifactregistry.googleapis.com",
    id: (props) => grantId(repositoryOf(props, text(props, "repository")), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [repositoryOf(props, text(props, "repository")), ...memberOf(props)],
  },
  "gcp:cloudscheduler/job:Job": {
    api: "cloudscheduler.googleapis.com",
    id: (props) =>
      `projects/${text(props, "project")}/locations/${text(props, "region")}/jobs/${text(props, "name")}`,
    computed: () => ({ state: "ENABLED" }),
    immutable: ["name", "project", "region"],
    deletedFirst: true,
    collides: true,
    refersTo(props) {
      const caller = textAt(props, "httpTarget.oidcToken.serviceAccountEmail");
      return caller === "" ? [] : [accountId(caller)];
    },
  },
};
