import { type AlertTypeFeedback, alertTypeOf, type NameKeys, nameKeysOf } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";

type Word = NonNullable<AlertTypeFeedback["hold"]>;

/**
 * Where feedback on an alarm is stored: denials under its coarsest name, permissions under its finest. Feedback given
 * to earlier versions is under the alert type alone; denials are stored there too.
 */
function placesOf({ alertType, names: [finest, , words] }: AlarmKeys) {
  return { alertType, coarsest: `words ${words}`, finest: `finest ${finest}` };
}

/** The keys that identify an alarm, as a prediction stores them. */
export type AlarmKeys = { readonly alertType: string; readonly names: NameKeys };

export const alarmKeysOf = (service: string, title: string): AlarmKeys => ({
  alertType: alertTypeOf(service, title).key,
  names: nameKeysOf(service, title),
});

/**
 * The feedback that applies to an alarm: the latest of the denials for its words and the permissions for this exact
 * name. On a tie the more careful one.
 */
export async function readFeedback(
  ledger: Pick<Ledger, "alertTypeFeedback">,
  service: string,
  title: string,
): Promise<AlertTypeFeedback> {
  const { alertType, coarsest, finest } = placesOf(alarmKeysOf(service, title));
  const [before, forbids, allows] = await Promise.all(
    [alertType, coarsest, finest].map((key) => ledger.alertTypeFeedback(key)),
  );
  const words = [before, forbids].flatMap((one) =>
    one === undefined || one.hold === null || one.hold.allowed ? [] : [one.hold],
  );
  if (allows !== undefined && allows.hold !== null) words.push(allows.hold);
  return {
    hold: words.reduce<Word | null>(
      (last, word) => (last === null || isLater(word, last) ? word : last),
      null,
    ),
  };
}

const isLater = (word: Word, than: Word): boolean =>
  word.at > than.at || (word.at === than.at && !word.allowed);

/** Stores a person's feedback on the alarm of an incident. */
export async function keepFeedback(
  ledger: Pick<Ledger, "noteFeedback">,
  alarm: AlarmKeys,
  word: Word,
): Promise<void> {
  const { alertType, coarsest, finest } = placesOf(alarm);
  const keys = word.allowed ? [finest] : [coarsest, alertType];
  await Promise.all(keys.map((key) => ledger.noteFeedback(key, word)));
}
