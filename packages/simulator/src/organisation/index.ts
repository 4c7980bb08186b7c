export { type Driven, type DriveOptions, driveOrganisation } from "./drive.ts";
export { type Episode, type EpisodeKind, episodeKinds } from "./episode.ts";
export { historyOf, subscribedEvents } from "./history.ts";
export {
  ACCOUNT_TOKEN,
  BOT_USER,
  createOrganisation,
  FALLBACK_POLICY,
  type Organisation,
  type OrganisationOptions,
  syntheticNotice,
} from "./organisation.ts";
export { createRandom, type Random } from "./random.ts";
export { isNight } from "./seasons.ts";
