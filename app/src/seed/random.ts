// Randomness of the seed: repeatable, so that the same size gives the same company everywhere. Not for anything secret.

export interface Random {
  /** Whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** Whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** Number from 0 up to, not including, 1. */
  fraction(): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Picks by weight. The weights are not negative and do not all vanish. */
  pickWeighted<T>(list: readonly (readonly [item: T, weight: number])[]): T;
  /** UUID version 7 for a time in milliseconds, with repeatable random bits. */
  uuid(timeMs: number): string;
}

const UINT32 = 0x1_0000_0000;

/** A stream of its own for every label: adding a consumer does not shift the others. */
export function createRandom(label: string): Random {
  const uint32 = sfc32(label);
  const fraction = () => uint32() / UINT32;
  const integer = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1));
  return {
    uint32,
    integer,
    fraction,
    chance: (probability) => fraction() < probability,
    pick<T>(list: readonly T[]): T {
      return list[integer(0, list.length - 1)] as T;
    },
    pickWeighted(list) {
      let left = fraction() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of list) {
        left -= weight;
        if (left < 0) return item;
      }
      return list[list.length - 1]![0];
    },
    uuid: (timeMs) => uuidOf(timeMs, uint32(), uint32(), uint32()),
  };
}

// sfc32 of Chris Doty-Humphrey: passes PractRand, four words of state. The state comes from FNV-1a hashes of the label.
function sfc32(label: string): () => number {
  let [a, b, c] = [hash(`${label}/a`), hash(`${label}/b`), hash(`${label}/c`)];
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value | 0;
}

const HEX = Array.from({ length: 0x1_0000 }, (_, value) => value.toString(16).padStart(4, '0'));
const half = (value: number) => HEX[value & 0xffff]!;

// `newUuid` of the kit does the same from bytes; this one is made for tens of millions of ids.
function uuidOf(timeMs: number, a: number, b: number, c: number): string {
  const high = Math.floor(timeMs / 0x1_0000);
  return `${half(high >>> 16)}${half(high)}-${half(timeMs % 0x1_0000)}-${half(0x7000 | (a & 0x0fff))}-${half(
    0x8000 | ((a >>> 16) & 0x3fff),
  )}-${half(b >>> 16)}${half(b)}${half(c)}`;
}
