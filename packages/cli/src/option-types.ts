import { messageOf } from "@mrdata/base";
import { parseDuration } from "@mrdata/runtime";
import { InvalidArgumentError, Option } from "commander";

/** A local port. Like the other parsers here, it throws InvalidArgumentError with a sentence for the user. */
export const portOption = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("a port is a number from 0 to 65535; 0 takes a free one");
  return port;
};
export const durationOption = (text: string): number => {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
};

/** An option that takes a duration; the help shows `preset` as typed. */
export const durationWith = (flags: string, description: string, preset: string): Option =>
  new Option(flags, description).argParser(durationOption).default(parseDuration(preset), preset);

export const shareOption = (text: string): number => {
  const share = Number(text);
  if (text.trim() === "" || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError("a share is a number from 0 to 1");
  return share;
};
const zoneOption = (text: string): string => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError("a time zone is written like UTC or Europe/Berlin");
  }
};
/** The organisation's time zone: set once for all commands in MRDATA_TIME_ZONE, or for one of them. */
export const zoneWith = (description: string): Option =>
  new Option("--time-zone <zone>", description).env("MRDATA_TIME_ZONE").argParser(zoneOption).default("UTC");
/** The zone in which to show times: the same variable, without a default. */
export const readerZone = (description: string): Option =>
  new Option("--time-zone <zone>", description).env("MRDATA_TIME_ZONE").argParser(zoneOption);

/** A moment, as milliseconds since the epoch. */
export const momentOption = (text: string): number => {
  const at = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(at))
    throw new InvalidArgumentError("a moment is written like 2026-03-02T04:30:00Z");
  return at;
};

export const seedOption = (text: string): number => {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("a seed is a whole number");
  return seed;
};

/** The range is that of the setting `certificate.days`. */
export const certificateDaysOption = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3_650)
    throw new InvalidArgumentError("days are a whole number from 1 to 3650");
  return days;
};

export const daysOption = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 365)
    throw new InvalidArgumentError("days are a whole number from 1 to 365");
  return days;
};

export const refitsOption = (text: string): number => {
  const refits = Number(text);
  if (!Number.isInteger(refits) || refits < 1 || refits > 1_000)
    throw new InvalidArgumentError("refits are a whole number from 1 to 1000");
  return refits;
};

export const workersOption = (text: string): number => {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > 64)
    throw new InvalidArgumentError("workers are a whole number from 1 to 64");
  return workers;
};

export const limitOption = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new InvalidArgumentError("a limit is a whole number from 1 to 1000");
  return limit;
};

/** A duration, or `never`: then null. */
export const timerOption = (text: string): number | null => (text === "never" ? null : durationOption(text));

export const choiceOption =
  <Choice extends string>(choices: readonly Choice[]) =>
  (text: string): Choice => {
    const choice = choices.find((one) => one === text);
    if (choice === undefined) throw new InvalidArgumentError(`it is one of ${choices.join(", ")}`);
    return choice;
  };
