import { buildRecord } from "../host/build.ts";
import { toFramework } from "../host/framework.ts";
import { contextFromProcess } from "../host/process.ts";

export const record = toFramework(() => buildRecord(contextFromProcess()));
