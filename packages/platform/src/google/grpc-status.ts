/** The status codes of gRPC that are told apart here (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
export const grpcStatus = {
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  failedPrecondition: 9,
  aborted: 10,
} as const;

/** The `code` of an error of Google's clients: a gRPC status, or an HTTP status from Cloud Storage. */
export const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : null;
