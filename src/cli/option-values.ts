/**
 * Reading the values of options: durations, epochs, event ids. A wrong one is wrong usage.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander';
import { base64urlDecode } from '../codec/base64url.js';

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90s`, `30m`, `12h`, `7d` or `2w` in seconds. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  const amount = Number(match?.[1] ?? 0);
  if (amount === 0) throw new InvalidArgumentError('Expected a duration such as 30m, 12h or 7d.');
  return amount * (secondsPerUnit[match?.[2] ?? 's'] ?? 1);
}

/** A whole number from 0 on. */
export function parseEpoch(text: string): number {
  const epoch = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(epoch)) throw new InvalidArgumentError('Expected the number of an epoch, from 0 on.');
  return epoch;
}

/** A whole number from 0 on. */
export function parseCount(text: string): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(count)) throw new InvalidArgumentError('Expected a whole number, from 0 on.');
  return count;
}

/** One more whole event id (32 bytes as base64url text) for an option that may be given several times. */
export function parseEventIds(text: string, previous: readonly Uint8Array[] = []): Uint8Array[] {
  return [...previous, parseId(text)];
}

/** A whole id: 32 bytes as base64url text. */
export function parseId(text: string): Uint8Array {
  try {
    const id = base64urlDecode(text);
    if (id.length === 32) return id;
  } catch {
    // Told below in the words of the command line.
  }
  throw new InvalidArgumentError('Expected a whole id: 43 characters of base64url text.');
}
