import { createServer } from "node:http";
import type { Cloud } from "./cloud.ts";

export type MonitoringRest = {
  /** As `gcp:monitoringCustomEndpoint` takes it. */
  readonly url: string;
  /** Names of the metrics that were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
};

/** The one question of Cloud Monitoring's REST API that is asked past the provider: whether a metric is known yet. */
export async function startMonitoringRest(cloud: Cloud): Promise<MonitoringRest> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://double").pathname);
    const [, name] =
      /^\/v3\/projects\/[^/]+\/metricDescriptors\/logging\.googleapis\.com\/user\/(.+)$/.exec(path) ?? [];
    const isAllowed = request.headers.authorization === "Bearer any";
    if (name !== undefined) asked.push(name);
    const isKnown =
      name !== undefined && cloud.resources.has(name) && cloud.minutes.left("metrics", name) === 0;
    const status = isAllowed ? (isKnown ? 200 : 404) : 401;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? { name: path.slice(4) } : { error: { code: status } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/v3/`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
