import { accountId, grantId, type Kind, memberOf, text } from "../kind.ts";

export const projectKinds: Readonly<Record<string, Kind>> = {
  "gcp:projects/service:Service": {
    api: null,
    id: (props) => `${text(props, "project")}/${text(props, "service")}`,
    immutable: ["project", "service"],
    collides: false,
    abandoned: (props) => props.disableOnDestroy !== true,
  },
  "gcp:projects/serviceIdentity:ServiceIdentity": {
    api: null,
    // The provider shows the agent's address only when it is there.
    id: (props) => `projects/${text(props, "project")}/services/${text(props, "service")}`,
    computed: (props) => ({
      email: `agent of ${text(props, "service")}`,
      member: `serviceAccount:agent of ${text(props, "service")}`,
    }),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [`${text(props, "project")}/${text(props, "service")}`],
    abandoned: () => true,
  },
  "gcp:projects/iAMMember:IAMMember": {
    api: null,
    id: (props) => grantId(text(props, "project"), props),
    immutable: ["*"],
    collides: false,
    refersTo: memberOf,
  },
  "gcp:projects/iAMCustomRole:IAMCustomRole": {
    api: "iam.googleapis.com",
    id: (props) => `projects/${text(props, "project")}/roles/${text(props, "roleId")}`,
    known: (props) => ({ name: `projects/${text(props, "project")}/roles/${text(props, "roleId")}` }),
    immutable: ["roleId", "project"],
    // One that was deleted comes back when it is made again.
    collides: true,
  },
  "gcp:serviceaccount/iAMMember:IAMMember": {
    api: "iam.googleapis.com",
    id: (props) => grantId(text(props, "serviceAccountId"), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [
      accountId(text(props, "serviceAccountId").split("/").at(-1) ?? ""),
      ...memberOf(props),
    ],
  },
  "gcp:serviceaccount/account:Account": {
    api: "iam.googleapis.com",
    id: (props) => accountId(`${text(props, "accountId")}@${text(props, "project")}.iam.gserviceaccount.com`),
    known(props) {
      const email = `${text(props, "accountId")}@${text(props, "project")}.iam.gserviceaccount.com`;
      return { email, member: `serviceAccount:${email}` };
    },
    computed: (props, number) => ({
      name: `projects/${text(props, "project")}/serviceAccounts/${text(props, "accountId")}@${text(props, "project")}.iam.gserviceaccount.com`,
      uniqueId: String(10 ** 20 + number),
    }),
    immutable: ["accountId", "project"],
    collides: true,
  },
};
