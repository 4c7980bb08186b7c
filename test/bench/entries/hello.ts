import type { FrameworkRequest, FrameworkResponse } from "@mrdata/runtime";

/** The least that a function can do under the framework. */
export const hello = (_request: FrameworkRequest, response: FrameworkResponse): void => {
  response.statusCode = 200;
  response.end("hello\n");
};
