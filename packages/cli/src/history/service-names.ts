export {
  idsByName,
  readServiceNames,
  type ServiceIds,
  tiedTo,
  untiedAmong,
  untiedSentence,
} from "@mrdata/history";
