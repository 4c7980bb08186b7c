export { type Understood, understoodLines, understoodOf } from "@mrdata/history";
