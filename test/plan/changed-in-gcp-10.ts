/**
 * What @pulumi/gcp 10 took away or changed, whole: each resource and each function that Pulumi's own guide names, "everything in the release"
 * by its own words. It is made from Google's provider 8.
 *
 * Source: docs/version-10-update.md of pulumi/pulumi-gcp, as of commit 0e82cc52ca8e3830795c7eea723a71080ba6eeec ("Version 10.0.0 tracks the
 * upstream terraform-provider-google-beta v8.5.0 release"), read whole on 2026-11-30, beside the first version of the same file (commit
 * 6e063ee34c2fc5bedee2dac5f9ef6a714bcdee17, of v8.0.0). 10.0.0 came out on 2026-10-06
 * (https://www.pulumi.com/releases/changelog/2026-10-06-google-cloud-provider-v10/).
 */
export type Change = {
  readonly what: string;
  /** Names of inputs whose use would have to change with it; of what is removed none is left. */
  readonly inputs: readonly string[] | "removed";
};

const removed: Change = { what: "removed", inputs: "removed" };
const changed = (what: string, ...inputs: readonly string[]): Change => ({ what, inputs });

export const changedResources: Readonly<Record<string, Change>> = {
  "gcp:applicationintegration/client:Client": changed(
    "runAsServiceAccount is removed",
    "runAsServiceAccount",
  ),
  "gcp:beyondcorp/appConnection:AppConnection": removed,
  "gcp:beyondcorp/appConnector:AppConnector": removed,
  "gcp:beyondcorp/appGateway:AppGateway": removed,
  "gcp:bigquery/dataTransferConfig:DataTransferConfig": changed(
    "exactly one secret access key, whose version is a string",
    "sensitiveParams",
  ),
  "gcp:bigquery/dataset:Dataset": changed(
    "defaultCollation is cleared where it is unset",
    "defaultCollation",
  ),
  "gcp:cloudrunv2/workerPool:WorkerPool": changed(
    "customAudiences and a probe header's port removed, its name required, headers a list",
    "customAudiences",
    "template",
  ),
  "gcp:cloudsecuritycompliance/framework:Framework": changed(
    "cloudControlDetails is a set",
    "cloudControlDetails",
  ),
  "gcp:compute/backendService:BackendService": changed(
    "loadBalancingScheme has another default",
    "loadBalancingScheme",
  ),
  "gcp:compute/globalForwardingRule:GlobalForwardingRule": changed(
    "loadBalancingScheme has another default",
    "loadBalancingScheme",
  ),
  "gcp:compute/instance:Instance": changed(
    "a guestAccelerator whose count is 0 replaces it",
    "guestAccelerators",
  ),
  "gcp:compute/interconnectAttachmentGroup:InterconnectAttachmentGroup": changed(
    "a zone's attachment is removed",
    "logicalStructures",
  ),
  "gcp:compute/reservation:Reservation": changed("reservationBlockCount is removed", "reservationBlockCount"),
  "gcp:compute/serviceAttachment:ServiceAttachment": changed(
    "lists became sets, and empty texts where nothing was",
    "natSubnets",
    "consumerRejectLists",
    "consumerAcceptLists",
  ),
  "gcp:container/cluster:Cluster": changed(
    "enableComponents became sets, namePrefix may be longer",
    "loggingConfig",
    "monitoringConfig",
    "nodePools",
  ),
  "gcp:container/nodePool:NodePool": changed("namePrefix may be longer", "namePrefix"),
  "gcp:dataloss/preventionJobTrigger:PreventionJobTrigger": changed(
    "actions.publishFindingsToCloudDataCatalog is removed",
    "inspectJob",
  ),
  "gcp:iam/workforcePoolProviderScimTenant:WorkforcePoolProviderScimTenant": changed(
    "claimMapping is required",
    "claimMapping",
  ),
  "gcp:iap/brand:Brand": removed,
  "gcp:iap/client:Client": removed,
  "gcp:ml/engineModel:EngineModel": removed,
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": changed("exactly one of two passwords", "httpCheck"),
  "gcp:netapp/storagePool:StoragePool": changed("scaleTier is removed", "scaleTier"),
  "gcp:notebooks/environment:Environment": removed,
  "gcp:notebooks/instance:Instance": removed,
  "gcp:notebooks/instanceIamBinding:InstanceIamBinding": removed,
  "gcp:notebooks/instanceIamMember:InstanceIamMember": removed,
  "gcp:notebooks/instanceIamPolicy:InstanceIamPolicy": removed,
  "gcp:notebooks/runtime:Runtime": removed,
  "gcp:notebooks/runtimeIamBinding:RuntimeIamBinding": removed,
  "gcp:notebooks/runtimeIamMember:RuntimeIamMember": removed,
  "gcp:notebooks/runtimeIamPolicy:RuntimeIamPolicy": removed,
  "gcp:secretmanager/secretVersion:SecretVersion": changed(
    "secretDataWo requires secretDataWoVersion, which is a string",
    "secretDataWo",
    "secretDataWoVersion",
  ),
  "gcp:vertex/aiSchedule:AiSchedule": removed,
  "gcp:workflows/workflow:Workflow": changed("sourceContents is required", "sourceContents"),
};

export const changedFunctions: Readonly<Record<string, Change>> = {
  "gcp:backupdisasterrecovery/getBackupPlanAssociations:getBackupPlanAssociations": changed(
    "resourceType is removed",
    "resourceType",
  ),
  "gcp:backupdisasterrecovery/getDataSourceReferences:getDataSourceReferences": changed(
    "resourceType is removed",
    "resourceType",
  ),
  "gcp:beyondcorp/getAppConnection:getAppConnection": removed,
  "gcp:beyondcorp/getAppConnector:getAppConnector": removed,
  "gcp:beyondcorp/getAppGateway:getAppGateway": removed,
  "gcp:cloudrunv2/getWorkerPool:getWorkerPool": changed("customAudiences is no longer answered"),
  "gcp:compute/getReservation:getReservation": changed("reservationBlockCount is no longer answered"),
  "gcp:iap/getClient:getClient": removed,
  "gcp:notebooks/getInstanceIamPolicy:getInstanceIamPolicy": removed,
  "gcp:notebooks/getRuntimeIamPolicy:getRuntimeIamPolicy": removed,
};
