export {
  idsByName,
  missingIdsSentence,
  readServiceNames,
  type ServiceIds,
  serviceIdsInLedger,
  withoutServiceId,
  withServiceIds,
} from "@mrdata/history";
