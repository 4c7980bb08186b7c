import { type AlertTypeFeedback, alertTypeOf, type NameKeys, nameKeysOf } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";

type Word = NonNullable<AlertTypeFeedback["hold"]>;

/**
 * Where words about an alarm are kept: what forbids under its coarsest name, what allows under its finest. Under the alert
 * type alone stands what was said to earlier versions; they are told what forbids, too.
 */
function placesOf({ alertType, names: [finest, , words] }: AlarmKeys) {
  return { alertType, coarsest: `words ${words}`, finest: `finest ${finest}` };
}

/** By what an alarm is known: as a prediction keeps it. */
export type AlarmKeys = { readonly alertType: string; readonly names: NameKeys };

export const alarmKeysOf = (service: string, title: string): AlarmKeys => ({
  alertType: alertTypeOf(service, title).key,
  names: nameKeysOf(service, title),
});

/**
 * The word that counts for an alarm: the last of what forbids all that has its words, and of what allows this very one. At
 * a tie the more careful.
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

/** Keeps a person's word about the alarm of an incident. */
export async function keepFeedback(
  ledger: Pick<Ledger, "noteFeedback">,
  alarm: AlarmKeys,
  word: Word,
): Promise<void> {
  const { alertType, coarsest, finest } = placesOf(alarm);
  const keys = word.allowed ? [finest] : [coarsest, alertType];
  await Promise.all(keys.map((key) => ledger.noteFeedback(key, word)));
}
