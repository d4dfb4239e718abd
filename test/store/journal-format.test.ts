import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/bytes.js';
import { sha256 } from '../../src/crypto/sha256.js';
import type { ImageName } from '../../src/store/image-name.js';
import { JournalFrames, readJournal } from '../../src/store/journal/journal-format.js';
import { StatementDecoder, StatementEncoder } from '../../src/store/journal/statements.js';

const image: ImageName = { id: new Uint8Array(16).fill(7), digest: new Uint8Array(32).fill(9) };
const HEADER = 16 + 4 + 16 + 32;
const ENTRY_HEAD = 16 + 4 + 4 + 32;

/** A journal with these bodies, and where each entry begins. */
function journalOf(...bodies: Uint8Array[]) {
  const frames = new JournalFrames(image);
  const parts = bodies.map((body) => frames.next(body));
  const bytes = concatBytes(...parts);
  let at = HEADER;
  const starts = bodies.map((body) => {
    const start = at;
    at += ENTRY_HEAD + body.length;
    return start;
  });
  return { bytes, starts };
}

const bodies = [
  new Uint8Array(20).fill(1),
  new Uint8Array(3000).fill(2),
  new Uint8Array(0),
  new Uint8Array(70).fill(4),
];
const { bytes: journal, starts } = journalOf(...bodies);

describe('a journal', () => {
  test('has the documented bytes', () => {
    const { bytes } = journalOf(Uint8Array.of(5, 6));
    const u32 = (value: number) => Uint8Array.of(0, 0, 0, value);
    const header = concatBytes(new TextEncoder().encode('arborist journal'), u32(1), image.id, image.digest);
    const body = Uint8Array.of(5, 6);
    const check = sha256(sha256(header), u32(0), u32(2), body);
    expect(bytes).toStrictEqual(concatBytes(header, image.id, u32(0), u32(2), check, body));
  });

  test('gives its bodies back', () => {
    expect(readJournal(journal, image)).toStrictEqual({ bodies, damage: null });
  });

  test('that is cut anywhere loses its last entry only, and is not damaged', () => {
    for (let length = 0; length < journal.length; length += 13) {
      const whole = bodies.filter((body, i) => (starts[i] ?? 0) + ENTRY_HEAD + body.length <= length);
      expect(readJournal(journal.slice(0, length), image)).toStrictEqual({ bodies: whole, damage: null });
    }
  });

  test('with a last entry that is broken, as a crash leaves it, goes on without it', () => {
    const from = starts[3] ?? 0;
    for (let at = from; at < journal.length; at += 7) {
      const torn = journal.slice();
      torn.fill(0, at);
      expect(readJournal(torn, image)).toStrictEqual({ bodies: bodies.slice(0, 3), damage: null });
    }
  });

  test('with a broken byte in an entry that another one follows is damaged', () => {
    const last = starts[3] ?? 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: last - 1 }), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const bytes = journal.slice();
        bytes[at] = (bytes[at] ?? 0) ^ difference;
        const { damage, bodies: whole } = readJournal(bytes, image);
        expect(damage).not.toBeNull();
        expect(whole).toStrictEqual(bodies.slice(0, whole.length));
      }),
      { numRuns: 200 },
    );
  });

  test('with an entry missing, repeated or in another place is damaged', () => {
    const entries = starts.map((start, i) => journal.slice(start, starts[i + 1]));
    const [first, second, third, fourth] = entries as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const header = journal.slice(0, HEADER);
    for (const order of [
      [first, third, fourth],
      [first, second, second, third, fourth],
      [first, third, second, fourth],
      [second, first, third, fourth],
    ]) {
      expect(readJournal(concatBytes(header, ...order), image).damage).toMatch(/^entry \d is broken$/);
    }
  });

  test('of another image is left over, whatever it holds', () => {
    const other = { ...image, id: new Uint8Array(16).fill(8) };
    expect(readJournal(journal, other)).toStrictEqual({ bodies: [], damage: null });
  });

  test('of an image that another program changed is damaged', () => {
    const other = { ...image, digest: new Uint8Array(32).fill(8) };
    expect(readJournal(journal, other)).toStrictEqual({
      bodies: [],
      damage: 'another program changed the database that it continues',
    });
  });
});

describe('statements', () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array(),
  );
  const statement = fc.record(
    { sql: fc.constantFrom('INSERT a', 'DELETE b', 'UPDATE caf\u00e9'), params: fc.array(value) },
    { noNullPrototype: true },
  );

  test('come back as they were, transaction by transaction', () => {
    fc.assert(
      fc.property(fc.array(fc.array(statement)), (transactions) => {
        const encoder = new StatementEncoder();
        const decoder = new StatementDecoder();
        const encoded = transactions.map((statements) => encoder.encode(statements));
        expect(encoded.map((bytes) => decoder.decode(bytes))).toStrictEqual(transactions);
      }),
    );
  });

  test('carry each text once in a journal', () => {
    const encoder = new StatementEncoder();
    const sql = 'INSERT INTO meta VALUES (?)';
    const first = encoder.encode([{ sql, params: [] }]);
    expect(encoder.encode([{ sql, params: [] }]).length).toBe(first.length - 4 - sql.length);
  });

  test('that are cut short, or of an unknown kind, are refused', () => {
    const bytes = new StatementEncoder().encode([{ sql: 'INSERT', params: ['text', 5, new Uint8Array(3), null] }]);
    for (let length = 1; length < bytes.length; length++) {
      expect(() => new StatementDecoder().decode(bytes.slice(0, length))).toThrow('ends too early');
    }
    const unknown = bytes.slice();
    unknown[unknown.length - 1] = 9;
    expect(() => new StatementDecoder().decode(unknown)).toThrow('unknown kind 9');
    expect(() => new StatementDecoder().decode(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0))).toThrow('did not come before');
  });
});
