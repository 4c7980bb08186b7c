import * as grpc from "@grpc/grpc-js";

export type GrpcServer = { readonly port: number; close(): void };

/** Serves one gRPC service on a free port of this machine's own. */
export async function serve(
  service: grpc.ServiceDefinition,
  implementation: grpc.UntypedServiceImplementation,
): Promise<GrpcServer> {
  const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new grpc.Server(unlimited);
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/** An error with more to it than its message. */
export class RpcError extends Error {
  readonly metadata: grpc.Metadata;
  constructor(message: string, metadata: grpc.Metadata) {
    super(message);
    this.name = "RpcError";
    this.metadata = metadata;
  }
}

/**
 * A method that takes one message and answers with one; what it throws is the error that the engine shows. `gone` aborts
 * when the engine asks no more, because it was killed, say.
 */
export function unary<Request, Response>(
  work: (request: Request, gone: AbortSignal) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const gone = new AbortController();
    call.on("cancelled", () => gone.abort());
    Promise.resolve()
      .then(() => work(call.request, gone.signal))
      .then(
        (response) => callback(null, response),
        (error: unknown) =>
          callback({
            code: grpc.status.UNKNOWN,
            details: error instanceof Error ? error.message : String(error),
            ...(error instanceof RpcError ? { metadata: error.metadata } : {}),
          }),
      );
  };
}
