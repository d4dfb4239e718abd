/** From a passphrase to a key, and the data key that it wraps. */
import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../src/codec/cbor.js';
import { CorruptDatabaseError, InvalidInputError } from '../../src/errors.js';
import { newDataKey, openDataKey } from '../../src/store/secrets/data-key.js';
import {
  PASSPHRASE_COST,
  type Passphrase,
  passphraseBytes,
  passphraseKey,
} from '../../src/store/secrets/passphrase.js';
import { toHex } from '../support/hex.js';

const CHEAP = { memory: 8, passes: 1, lanes: 1 };
const SALT = new Uint8Array(16).fill(2);
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('The key of a passphrase', () => {
  // RFC 9106 §5.3 uses a secret and associated data, which no passphrase has: its vector checks the function below ours.
  test('comes from the Argon2id of RFC 9106 §5.3', async () => {
    const { argon2idAsync } = await import('@noble/hashes/argon2.js');
    const tag = await argon2idAsync(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2), {
      t: 3,
      m: 32,
      p: 4,
      key: new Uint8Array(8).fill(3),
      personalization: new Uint8Array(12).fill(4),
      dkLen: 32,
    });
    expect(toHex(tag)).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
  });

  // Computed with the ARGON2ID of OpenSSL 4.0.
  test.each([
    [{ memory: 8, passes: 1, lanes: 1 }, 'c2e7d20a2b529cce5149d8aecdb8e9689ccbeb358c806fdbf8788c49d1c92411'],
    [{ memory: 64, passes: 2, lanes: 2 }, '1c65cb9f64dde2b85ae9955585dedd809612974854add02ee73c694870275b46'],
    [PASSPHRASE_COST, '32fd1f9c37ebcb9378feeb250073cf4e93cbb4ba446931ae84bf92a8ca9349bb'],
  ])('is that of another implementation: %o', async (cost, key) => {
    expect(toHex(await passphraseKey('password', new TextEncoder().encode('somesalt16bytes!'), cost))).toBe(key);
  });

  test('costs at least what OWASP asks for', () => {
    const { memory, passes, lanes } = PASSPHRASE_COST;
    expect(memory).toBeGreaterThanOrEqual(19 * 1024);
    expect(passes).toBeGreaterThanOrEqual(2);
    expect(lanes).toBe(1);
  });
});

describe('A passphrase', () => {
  test('of text counts in normalization form C, however it was typed', async () => {
    expect(passphraseBytes('caf\u00e9')).toEqual(passphraseBytes('cafe\u0301'));
    const { key, wrapped } = await newDataKey('caf\u00e9', CHEAP);
    expect(await openDataKey('cafe\u0301', wrapped)).toEqual(key);
    expect(await openDataKey(new TextEncoder().encode('caf\u00e9'), wrapped)).toEqual(key);
  });

  test('of bytes counts as it is, and stays the caller’s', async () => {
    const bytes = new TextEncoder().encode('cafe\u0301');
    const { wrapped } = await newDataKey('cafe\u0301', CHEAP);
    await expect(openDataKey(bytes, wrapped)).rejects.toThrow(code('wrong-passphrase'));
    expect(bytes).toEqual(new TextEncoder().encode('cafe\u0301'));
    const any = new Uint8Array([0, 255, 128]);
    const other = await newDataKey(any, CHEAP);
    expect(await openDataKey(any, other.wrapped)).toEqual(other.key);
  });

  test.each([
    ['empty', ''],
    ['of no bytes', new Uint8Array()],
    ['too long', 'x'.repeat(1025)],
    ['too long in UTF-8', 'é'.repeat(513)],
    ['with a lone surrogate', 'a\ud800'],
    ['no text', 7 as unknown as Passphrase],
    ['null', null as unknown as Passphrase],
  ])('that is %s is refused', async (_, passphrase) => {
    await expect(newDataKey(passphrase, CHEAP)).rejects.toThrow(InvalidInputError);
    await expect(newDataKey(passphrase, CHEAP)).rejects.toThrow(/^passphrase must be /);
  });
});

describe('A wrapped data key', () => {
  test('is fresh each time: key, salt and nonce', async () => {
    const [one, two] = [await newDataKey('p', CHEAP), await newDataKey('p', CHEAP)];
    expect(one.key).not.toEqual(two.key);
    const [first, second] = [one, two].map(({ wrapped }) => decodeCbor(wrapped, { maxBytes: 256 }) as unknown[]);
    expect(first?.slice(0, 5)).toEqual(['arborist-mesh/1 data key', 'argon2id', 8, 1, 1]);
    for (const item of [5, 6, 7]) expect(first?.[item]).not.toEqual(second?.[item]);
    expect(one.wrapped.join()).not.toContain(one.key.join());
  });

  test('opens with no other passphrase, and with no byte of it changed', async () => {
    const { wrapped } = await newDataKey('p', CHEAP);
    await expect(openDataKey('q', wrapped)).rejects.toThrow(code('wrong-passphrase'));
    for (let at = 0; at < wrapped.length; at++) {
      const changed = wrapped.slice();
      changed[at] = (changed[at] as number) ^ 1;
      await expect(openDataKey('p', changed), `byte ${at}`).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(wrong-passphrase|corrupt-database)$/) }),
      );
    }
  });

  test.each([
    ['no memory', 0, 1, 1],
    ['less memory than Argon2 works with', 7, 1, 1],
    ['less than four lanes need', 31, 1, 4],
    ['more memory than a quarter of a gigabyte', 256 * 1024 + 1, 1, 1],
    ['all the memory there is', 2 ** 32 - 1, 1, 1],
    ['no passes', 8, 0, 1],
    ['a day of passes', 8, 2 ** 32, 1],
    ['no lanes', 8, 1, 0],
    ['five lanes', 64, 1, 5],
  ])('that asks for %s is refused before any work', async (_, memory, passes, lanes) => {
    const { wrapped } = await newDataKey('p', CHEAP);
    const [format, derivation, , , , ...rest] = decodeCbor(wrapped, { maxBytes: 256 }) as never[];
    const hostile = encodeCbor([format as never, derivation as never, memory, passes, lanes, ...rest]);
    await expect(openDataKey('p', hostile)).rejects.toThrow(CorruptDatabaseError);
    await expect(openDataKey('p', hostile)).rejects.toThrow(/cost of the passphrase/);
  });

  test.each([
    ['text', 'secret'],
    ['a number', 5],
    ['no CBOR', new Uint8Array(10)],
    ['too long', new Uint8Array(10_000)],
    [
      'of another function',
      encodeCbor(['arborist-mesh/1 data key', 'scrypt', 8, 1, 1, SALT, new Uint8Array(24), new Uint8Array(48)]),
    ],
    [
      'of another format',
      encodeCbor(['arborist-mesh/2 data key', 'argon2id', 8, 1, 1, SALT, new Uint8Array(24), new Uint8Array(48)]),
    ],
  ])('that is %s is a damaged database', async (_, wrapped) => {
    await expect(openDataKey('p', wrapped)).rejects.toThrow(CorruptDatabaseError);
  });
});
