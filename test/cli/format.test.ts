/** How the command line shows values to people. */
import { describe, expect, it } from 'vitest';
import { count, displayText, formatTime, type Style, shortId, styleFor } from '../../src/cli/format.js';
import { formatFields, formatTable } from '../../src/cli/table.js';
import { memoryIo } from './memory-io.js';

const plain = style({ NO_COLOR: '1' });

function style(environment: Record<string, string>, terminal = true): Style {
  const io = memoryIo({ environment, terminal });
  return styleFor(io, io.stdout);
}

describe('values for people', () => {
  it('shows the first ten characters of an id', () => {
    expect(shortId(new Uint8Array(32).fill(0xff))).toBe('__________');
  });

  it('shows times in UTC, and seconds where no calendar has them', () => {
    expect(formatTime(0)).toBe('1970-01-01 00:00 UTC');
    expect(formatTime(1_769_868_300)).toBe('2026-01-31 14:05 UTC');
    expect(formatTime(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991 s');
  });

  it('counts in words', () => {
    expect([0, 1, 2].map((amount) => count(amount, 'event'))).toEqual(['0 events', '1 event', '2 events']);
  });

  it('takes the power from characters that steer a terminal or reorder text', () => {
    expect(displayText('a\u001b[2Jb\u202ec\u009bd\u2028e\ud800')).toBe(
      'a\\u{1b}[2Jb\\u{202e}c\\u{9b}d\\u{2028}e\\u{d800}',
    );
    expect(displayText('Äpfel für 山田 🌳')).toBe('Äpfel für 山田 🌳');
  });
});

describe('tables', () => {
  it('align columns, also beside wide and combining characters', () => {
    expect(
      formatTable(
        ['NAME', 'ROLE'],
        [
          ['山田', 'admin'],
          ['e\u0301va', 'member'],
          ['a', ''],
        ],
        plain,
      ),
    ).toEqual(['NAME  ROLE', '山田  admin', 'e\u0301va   member', 'a']);
  });

  it('align labelled values and leave out what has none', () => {
    expect(
      formatFields(
        [
          ['Group', 'orchard'],
          ['You', null],
          ['Epoch', '3'],
        ],
        plain,
      ),
    ).toEqual(['Group  orchard', 'Epoch  3']);
  });

  it('align coloured cells as if they had no colour', () => {
    const colours = style({});
    const [, first, second] = formatTable(
      ['A', 'B'],
      [
        [colours.good('ok'), 'x'],
        ['no', 'y'],
      ],
      plain,
    );
    expect(first).toBe(`${colours.good('ok')}  x`);
    expect(second).toBe('no  y');
  });
});

describe('colours', () => {
  it('are for terminals that can and want them', () => {
    expect(style({}).bold('x')).toBe('\u001b[1mx\u001b[22m');
    expect(style({ NO_COLOR: '' }).bold('x')).toBe('\u001b[1mx\u001b[22m');
    expect(style({ NO_COLOR: '1' }).bold('x')).toBe('x');
    expect(style({ TERM: 'dumb' }).bold('x')).toBe('x');
    expect(style({}, false).bold('x')).toBe('x');
  });
});
