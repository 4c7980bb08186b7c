import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type GrpcServer, RpcError, serve, unary } from "../harness/grpc-server.ts";
import { askedOf } from "./asked.ts";
import { type Cloud, FailedAndKept } from "./cloud.ts";
import type { Kind, Props } from "./kind.ts";
import { kindOf } from "./kinds/index.ts";
import { changedKeys, isSame, plainProps, propsOf, structOf, UNKNOWN } from "./wire.ts";
import { withoutZeros } from "./zeros.ts";

const VERSION = "9.35.0";

/** The provider's own words (pulumi-gcp, provider/resources.go). */
const NO_CREDENTIALS = `failed to load application credentials:
To use your default gcloud credentials, run:
	\`gcloud auth application-default login\`
See https://www.pulumi.com/registry/packages/gcp/installation-configuration/ for details.`;

export type Provider = GrpcServer & {
  /** When the engine last brought a resource that a program registered, by `performance.now()`. */
  lastRegistered(): number;
};

/** The provider `gcp` over gRPC, in place of the real one, on a double of the cloud. */
export async function startProvider(cloud: Cloud): Promise<Provider> {
  let registered = 0;
  const server = await serve(rpc.ResourceProviderService, {
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(VERSION)),
    getSchema: unary(() => new messages.GetSchemaResponse().setSchema("{}")),
    checkConfig: unary((request: InstanceType<typeof messages.CheckRequest>) => {
      if (!cloud.loggedIn) throw new Error(NO_CREDENTIALS);
      return new messages.CheckResponse().setInputs(request.getNews());
    }),
    diffConfig: unary(() =>
      new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE),
    ),
    configure: unary(() =>
      new messages.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setAcceptresources(true)
        .setAcceptoutputs(true),
    ),
    check: unary((request: InstanceType<typeof messages.CheckRequest>) => {
      kindOf(request.getType());
      registered = performance.now();
      return new messages.CheckResponse().setInputs(request.getNews());
    }),
    diff: unary(diff),
    invoke: unary((request: InstanceType<typeof messages.InvokeRequest>) =>
      new messages.InvokeResponse().setReturn(
        structOf(askedOf(cloud, request.getTok(), plainProps(propsOf(request.getArgs())))),
      ),
    ),
    create: unary(async (request: InstanceType<typeof messages.CreateRequest>) => {
      const inputs = propsOf(request.getProperties());
      const seen = plainProps(inputs);
      const kind = kindOf(request.getType());
      if (request.getPreview())
        return new messages.CreateResponse().setProperties(structOf({ ...inputs, ...expected(kind, seen) }));
      const { id, computed } = await cloud
        .create(request.getType(), request.getName(), seen)
        .catch((error: unknown) => {
          if (error instanceof FailedAndKept) throw initFailed(error, inputs);
          throw error;
        });
      return new messages.CreateResponse().setId(id).setProperties(structOf({ ...inputs, ...computed }));
    }),
    read: unary((request: InstanceType<typeof messages.ReadRequest>) => {
      const there = cloud.resources.get(request.getId());
      if (there === undefined) return new messages.ReadResponse();
      const known = propsOf(request.getProperties());
      const inputs = propsOf(request.getInputs());
      const drifted = (props: Props): Props =>
        Object.fromEntries(
          Object.entries(props).map(([key, value]) => {
            const seen = plainProps({ value }).value;
            const now = there.props[key];
            return [key, isSame(withoutZeros({ value: seen }).value, now) ? value : now];
          }),
        );
      return (
        new messages.ReadResponse()
          .setId(request.getId())
          // Whatever Pulumi does not know of it yet, as when it is imported, is told too.
          .setProperties(structOf({ ...there.props, ...drifted(known) }))
          .setInputs(structOf(drifted(inputs)))
      );
    }),
    update: unary((request: InstanceType<typeof messages.UpdateRequest>) => {
      const olds = propsOf(request.getOlds());
      const news = propsOf(request.getNews());
      const kept = Object.fromEntries(
        Object.entries(olds).filter(([key]) => !(key in propsOf(request.getOldInputs()))),
      );
      const changed = changedKeys(plainProps(propsOf(request.getOldInputs())), plainProps(news));
      // With nothing changed the mask is empty: nothing is sent, and the update is called a success.
      if (request.getPreview() || changed.length === 0)
        return new messages.UpdateResponse().setProperties(structOf({ ...kept, ...news }));
      try {
        const now = cloud.update(request.getType(), request.getName(), request.getId(), plainProps(news));
        const { state } = now;
        const after = "state" in kept ? { state } : {};
        return new messages.UpdateResponse().setProperties(structOf({ ...kept, ...after, ...news }));
      } catch (error) {
        if (error instanceof FailedAndKept) throw initFailed(error, { ...kept, ...news });
        throw error;
      }
    }),
    delete: unary((request: InstanceType<typeof messages.DeleteRequest>) => {
      cloud.delete(
        request.getType(),
        request.getName(),
        request.getId(),
        plainProps(propsOf(request.getProperties())),
      );
      return new empty.Empty();
    }),
  });
  return { ...server, lastRegistered: () => registered };
}

/** How a provider tells that something failed and is there: with its id and state, which the engine keeps. */
function initFailed({ id, computed, message }: FailedAndKept, props: Props): RpcError {
  const detail = new messages.ErrorResourceInitFailed()
    .setId(id)
    .setProperties(structOf({ ...props, ...computed }))
    .setReasonsList([message])
    .setInputs(structOf(props));
  const details = new any.Any();
  details.setTypeUrl("type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
  details.setValue(detail.serializeBinary());
  const told = new status.Status();
  told.setCode(grpc.status.UNKNOWN);
  told.setMessage(message);
  told.addDetails(details);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(told.serializeBinary()));
  return new RpcError(message, metadata);
}

/** In a preview: what the provider knows already, and that the rest is not known yet. */
function expected(kind: Kind, inputs: Props): Props {
  const computed = Object.keys(kind.computed?.(inputs, 0) ?? {});
  return { ...Object.fromEntries(computed.map((key) => [key, UNKNOWN])), ...kind.known?.(inputs) };
}

function diff(request: InstanceType<typeof messages.DiffRequest>) {
  const kind = kindOf(request.getType());
  const changed = changedKeys(
    plainProps(propsOf(request.getOldInputs())),
    plainProps(propsOf(request.getNews())),
  ).filter((key) => !request.getIgnorechangesList().includes(key));
  const replaces = changed.filter((key) => kind.immutable.includes("*") || kind.immutable.includes(key));
  const response = new messages.DiffResponse()
    .setChanges(
      changed.length > 0
        ? messages.DiffResponse.DiffChanges.DIFF_SOME
        : messages.DiffResponse.DiffChanges.DIFF_NONE,
    )
    .setDiffsList([...changed])
    .setReplacesList([...replaces])
    .setDeletebeforereplace(replaces.length > 0 && kind.deletedFirst === true);
  return response;
}
