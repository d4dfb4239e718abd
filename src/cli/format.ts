/**
 * How values look to people: short ids, times, sizes, names that came from elsewhere, colours.
 *
 * @module
 */
import { base64urlEncode } from '../codec/base64url.js';
import type { CommandIo, OutputStream } from './command-io.js';

const shortIdLength = 10;

/** The first characters of an id's base64url text: enough to tell ids apart by eye; `--json` has them whole. */
export function shortId(id: Uint8Array): string {
  return base64urlEncode(id).slice(0, shortIdLength);
}

/** Seconds since the Unix epoch as `2026-01-31 14:05 UTC`. */
export function formatTime(seconds: number): string {
  const time = new Date(seconds * 1000);
  // An event's time is its author's claim and may lie beyond what a Date can hold.
  if (Number.isNaN(time.getTime())) return `${seconds} s`;
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `1 member`, `2 members`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/**
 * Text from elsewhere, safe to show: control characters (which a terminal would obey) and invisible characters that
 * reorder text become `\u{…}`.
 */
export function displayText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Text attributes for one output stream; each returns its argument unchanged where colours are not wanted. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

/** Whether to colour a stream: a terminal that can, and no `NO_COLOR` (https://no-color.org). */
export function wantsColour(io: CommandIo, stream: OutputStream): boolean {
  const { NO_COLOR, TERM } = io.environment;
  return stream.isTerminal && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

/** The attributes for a stream, as ECMA-48 "select graphic rendition" sequences. */
export function styleFor(io: CommandIo, stream: OutputStream): Style {
  const coloured = wantsColour(io, stream);
  const attribute = (on: number, off: number) => (text: string) =>
    coloured ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: attribute(1, 22), dim: attribute(2, 22), good: attribute(32, 39), bad: attribute(31, 39) };
}
