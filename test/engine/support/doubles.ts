import {
  createDiscreteClock,
  createPagerDutyDouble,
  type PagerDutyDouble,
  substream,
} from "@mrdata/simulator";
import { SERVICE, smallAccount } from "../../simulation/small-account.ts";
import { startVertexDouble, type VertexDouble } from "../../vertex/double/server.ts";
import { type Cloud, createCloud } from "../gcp/cloud.ts";
import { deployedOn } from "../gcp/kinds/vertex.ts";
import { startMonitoringRest } from "../gcp/monitoring-rest.ts";
import { type Provider, startProvider } from "../gcp/provider.ts";
import { type LanguageHost, startLanguageHost } from "../harness/language-host.ts";

/** PagerDuty's key in the stack with everything on. */
const TOKEN = "planted-pagerduty-token";

export type Doubles = {
  readonly host: LanguageHost;
  readonly cloud: Cloud;
  readonly provider: Provider;
  readonly vertex: VertexDouble;
  readonly pagerduty: PagerDutyDouble;
  /** The settings that lead to these doubles. */
  readonly addresses: Readonly<Record<string, string>>;
  close(): Promise<void>;
};

/** All that a stack talks to: Google Cloud through its provider, Vertex AI and PagerDuty over REST. */
export async function startDoubles(): Promise<Doubles> {
  const cloud = createCloud();
  const [host, provider, vertex, monitoring] = await Promise.all([
    startLanguageHost(),
    startProvider(cloud),
    startVertexDouble(),
    startMonitoringRest(cloud),
  ]);
  // A model is uploaded from a bucket: its files have to be there.
  vertex.artifactExists = (uri) => {
    const folder = `object ${uri.replace(/^gs:\/\//, "")}`;
    return [...cloud.resources.keys()].some((id) => id.startsWith(folder));
  };
  // The provider makes endpoints; what is deployed on them keeps them from being deleted.
  vertex.endpointExists = (name) => cloud.resources.has(name);
  cloud.alsoThere = () =>
    [...cloud.resources.keys()]
      .filter((id) => vertex.endpoints.deployed(id).length > 0)
      .map((id) => deployedOn(id));
  vertex.isProvisioning = () => {
    const agents = [...cloud.resources.keys()].find((id) =>
      id.endsWith("/services/aiplatform.googleapis.com"),
    );
    // Whoever never asked for them sets it going with the first upload.
    const since = agents ?? "first upload";
    if (agents === undefined && !uploadTried) cloud.minutes.note(since);
    uploadTried = true;
    return cloud.minutes.left("agents", since) > 0;
  };
  let uploadTried = false;
  const pagerduty = createPagerDutyDouble({
    clock: createDiscreteClock(Date.now()),
    account: smallAccount({ restTokens: [{ token: TOKEN, scopes: "full" }] }),
    random: substream(() => 0.5),
  });
  const rest = await pagerduty.listen();
  return {
    host,
    cloud,
    provider,
    vertex,
    pagerduty,
    addresses: {
      "gcp:monitoringCustomEndpoint": monitoring.url,
      "mrdata:vertexBaseUrl": vertex.url,
      "mrdata:pagerDutyBaseUrl": rest.url,
      // The stand-in has services and no teams.
      "mrdata:webhookScope": `service:${SERVICE}`,
    },
    async close() {
      host.close();
      provider.close();
      await Promise.all([vertex.close(), rest.close(), monitoring.close()]);
    },
  };
}
