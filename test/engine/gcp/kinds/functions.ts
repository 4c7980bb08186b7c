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
