import { mulberry32 } from "../mulberry32.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Names things as PagerDuty does, from a seeded generator, so that the same run gives the same names. */
export type Ids = {
  /** `P` or another letter and characters, 14 in all, as PagerDuty's younger ids are. */
  object(letter: string): string;
  /** 26 characters that sort by time, like a ULID: the id of an event. */
  event(at: number): string;
  /** A UUID: `X-Webhook-Id`. */
  uuid(): string;
  /** A secret of 64 hexadecimal digits. */
  secret(): string;
};

export function createIds(random: () => number): Ids {
  const pick = (alphabet: string, length: number): string => {
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet.charAt(Math.floor(random() * alphabet.length));
    return text;
  };
  const hex = (length: number): string => pick("0123456789abcdef", length);
  return {
    object: (letter) => letter + pick(ALPHABET, 13),
    event: (at) => base32(at, 10) + pick(ALPHABET, 16),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    secret: () => hex(64),
  };
}

function base32(value: number, length: number): string {
  let text = "";
  for (let rest = Math.floor(value); text.length < length; rest = Math.floor(rest / 32))
    text = ALPHABET.charAt(rest % 32) + text;
  return text;
}

/** A generator of its own, seeded from another: what one part draws then does not shift what another part gets. */
export const substream = (random: () => number): (() => number) =>
  mulberry32(Math.floor(random() * 0x1_0000_0000));
