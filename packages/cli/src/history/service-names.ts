export {
  idsByName,
  readServiceNames,
  type ServiceIds,
  servicesHeard,
  tiedTo,
  untiedAmong,
  untiedSentence,
} from "@mrdata/history";
