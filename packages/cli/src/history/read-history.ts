export { AUTO_RESOLVE_AFTER, type History, type ReadOptions, readHistory } from "@mrdata/history";
