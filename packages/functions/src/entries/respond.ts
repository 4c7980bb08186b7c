import { buildRespond } from "../host/build.ts";
import { toFramework } from "../host/framework.ts";
import { contextFromProcess } from "../host/process.ts";

export const respond = toFramework(() => buildRespond(contextFromProcess()));
