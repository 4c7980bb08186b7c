import * as pulumi from "@pulumi/pulumi";

/** Set to anything, it leaves Pulumi's SDK as it is, for whoever looks for a fault in it: --debug, whole stacks. */
const KEEP = "MRDATA_PULUMI_DIAGNOSTICS";

/**
 * Leaves out what Pulumi's SDK notes for its own debugging. It takes the stack at four promises for every property of
 * every resource, mapped by source maps, and sends three messages for every resource that only `--debug` shows, with
 * whole answers in them, secrets too. With a hundred resources that is a third of what the program does.
 */
export function leaveOutSdkDiagnostics(): void {
  if (process.env[KEEP]) return;
  // The program is its own source: positions are right without source maps.
  Reflect.deleteProperty(Error, "prepareStackTrace");
  // An error still says where it comes from.
  Error.stackTraceLimit = 4;
  Object.assign(pulumi.log, { debug: async () => {} });
}
