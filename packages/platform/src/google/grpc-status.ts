/** The gRPC status codes that this package distinguishes (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
export const grpcStatus = {
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  failedPrecondition: 9,
  aborted: 10,
} as const;
