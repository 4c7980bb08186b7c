import { grantId, type Kind, memberOf, type Props, text } from "../kind.ts";

const api = "secretmanager.googleapis.com";
const secretOf = (props: Props) => `projects/${text(props, "project")}/secrets/${text(props, "secretId")}`;

export const secretKinds: Readonly<Record<string, Kind>> = {
  "gcp:secretmanager/secret:Secret": {
    api,
    id: secretOf,
    computed: (props) => ({ name: secretOf(props) }),
    immutable: ["project", "secretId", "replication"],
    collides: true,
    keeps: (props) =>
      props.deletionProtection === true
        ? "cannot destroy secret without setting deletion_protection=false and running `terraform apply`"
        : null,
  },
  "gcp:secretmanager/secretVersion:SecretVersion": {
    api,
    id: (props, number) => `${text(props, "secret")}/versions/${number}`,
    computed: (props, number) => ({
      version: String(number),
      name: `${text(props, "secret")}/versions/${number}`,
    }),
    immutable: ["secret", "secretData"],
    collides: true,
    refersTo: (props) => [text(props, "secret")],
  },
  "gcp:secretmanager/secretIamMember:SecretIamMember": {
    api,
    id: (props) => grantId(secretOf(props), props),
    immutable: ["*"],
    collides: false,
    refersTo: (props) => [secretOf(props), ...memberOf(props)],
  },
};
