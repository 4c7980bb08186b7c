import { after, before, type Rule } from "./rule.ts";

/** Names of months and weekdays are a fixed table: a runtime's locale data changes, and stored keys depend on this. */
const months = [
  "jan(?:uary|uar|uari|vier)?|feb(?:ruary|ruar|ruari)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust|ustus)?|sept?(?:ember|iembre)?|oct(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?|dec(?:ember|embre)?",
  "m[äa]rz|mai|juni|juli|okt(?:ober)?|dez(?:ember)?",
  "f[ée]vr(?:ier)?|mars|avr(?:il)?|juin|juil(?:let)?|ao[ûu]t|septembre|d[ée]c(?:embre)?",
  "enero|febrero|marzo|abril|mayo|junio|julio|agosto|setiembre|diciembre",
  "gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre",
  "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro",
  "maart|mei|mrt",
].join("|");
const weekdays = [
  "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
  "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag",
  "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
  "lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo",
  "luned[ìi]|marted[ìi]|mercoled[ìi]|gioved[ìi]|venerd[ìi]|sabato|domenica",
  "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira",
  "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
].join("|");
const shortWeekdays =
  "mon|tues?|wed|thur?s?|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|dom";

const month = `(?:${months})`;
const day = "(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th|er|\\.)?";
const year = "(?:19|20)\\d{2}";
const clock =
  "(?:[01]?\\d|2[0-4])[:h][0-5]\\d(?::[0-6]\\d)?(?:[.,]\\d+)?(?:\\s?[ap]\\.?m\\.?)?(?:\\s?(?:z|utc|gmt|[ecmpw][eds]?t|aest|ist|jst|bst|uhr)(?![\\p{L}\\p{N}_])|\\s?[+-]\\d{2}:?\\d{2})*";
const why = "a date or a time of the day is another one each time";
const rule = (pattern: string): Rule => ({ pattern: new RegExp(pattern, "gu"), by: "<date>", why });

/** How long, and not when: "was down for 0:12:30", "1 day, 2:03:04" as Python writes it. */
const clockDuration: Rule = {
  pattern:
    /(?<=(?<!\p{L})(?:for|in|after|last|past|duration|downtime|lag|lasted|took)(?: is| was)?:? )(?:\d{1,3} days?,? )?\d{1,3}:[0-5]\d:[0-5]\d(?:\.\d+)?(?![\p{L}\p{N}_]|:\d|\s?(?:[ap]\.?m|z|utc|gmt|on)(?!\p{L})|\s?[+-]\d)/gu,
  by: "<duration>",
  why: "a measured value is another one each time",
};

/**
 * A whole date with its time of the day is matched before the names of pods, whose random parts "-28t22" would be in
 * "2026-08-28T22:27:51Z".
 */
export const certainDateRules: readonly Rule[] = [
  rule(
    `${before}${year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])[t _]+(?:[01]\\d|2[0-4]):[0-5]\\d(?::[0-6]\\d)?(?:[.,]\\d+)?(?:\\s?(?:z|utc|gmt)(?![\\p{L}\\p{N}])|\\s?[+-]\\d{2}:?\\d{2})?(?!\\d|:\\d)`,
  ),
  clockDuration,
];

/** Dates and times in the forms that monitors and schedulers write, most specific first. */
export const dateRules: readonly Rule[] = [
  rule(
    `${before}${year}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\\d|3[01])(?:[t _-]+\\d{1,2}[:.h-]\\d{2}(?:[:.-]\\d{2})?(?:[.,]\\d+)?(?:\\s?(?:z|utc|gmt)(?![\\p{L}\\p{N}])|\\s?[+-]\\d{2}:?\\d{2})?)?(?!\\d)`,
  ),
  rule(`${before}${year}-w[0-5]\\d(?:-[1-7])?${after}`),
  rule(
    `(?<![\\p{L}\\p{N}])${year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:[t_-]?\\d{4}(?:\\d{2})?z?)?(?![\\p{L}\\p{N}])`,
  ),
  rule(
    `${year}年\\d{1,2}月(?:\\d{1,2}日)?|${year}년 ?\\d{1,2}월(?: ?\\d{1,2}일)?|[月火水木金土日]曜日?|(?:星期|礼拜)[一二三四五六日天]|[월화수목금토일]요일`,
  ),
  rule(
    `${before}${day}[ /_-]?(?:de |of )?${month}\\.?(?:(?:,? (?:de )?|[ /_-])(?:${year}|'?\\d{2}(?![\\d:.])))?${after}`,
  ),
  rule(`${before}${month}\\.? ${day}(?:,? ${year})?${after}`),
  rule(`${before}${month}[ _-](?:de )?${year}${after}`),
  rule(`${before}(?:0?[1-9]|[12]\\d|3[01])\\/(?:0?[1-9]|[12]\\d|3[01])\\/(?:${year}|\\d{2})${after}`),
  rule(`${before}(?:0?[1-9]|[12]\\d|3[01])([.-])(?:0?[1-9]|1[0-2])\\1${year}${after}`),
  rule(`(?<![\\p{L}\\p{N}_.])(?:0[1-9]|[12]\\d|3[01])\\.(?:0[1-9]|1[0-2])\\.(?:\\d{2})?(?![\\p{L}\\p{N}_.])`),
  rule(`(?<![\\p{L}\\p{N}_:.])${clock}(?![\\p{L}\\p{N}_]|:\\d)`),
  // Seconds, milliseconds, microseconds and nanoseconds since the epoch, of the years 2017 to 2033.
  rule(`(?<![\\p{L}\\p{N}.])1[5-9]\\d{8}(?:\\d{3}){0,3}(?:\\.\\d{1,9})?(?![\\p{L}\\p{N}])`),
  rule(`${before}(?:${weekdays})s?${after}`),
  // Short names of weekdays are also words ("sun", "mon"): matched only next to a date.
  rule(`${before}(?:${shortWeekdays})\\.?,? *(?=<date>)`),
  // "Fri Jan 23 07:30:12 UTC 2026" is what `date` writes.
  rule(`<date>,? ${year}(?![\\p{L}\\p{N}_]|[.:]\\d)`),
  rule(`<date> ?\\((?:utc|gmt|[ecmpw][eds]?t)\\)`),
  rule(`<date> ?\\([月火水木金土日一二三四五六월화수목금토일]\\)`),
  rule(`<date>(?:(?:[ ,/|@_-]|${before}(?:at|um|à|a las|the|den|le|el|to|bis)${after})*<date>)+`),
];
