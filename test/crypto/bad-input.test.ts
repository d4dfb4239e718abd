/**
 * What the public functions do with arguments of the wrong type or length, and with unusual but right ones.
 *
 * @module
 */
import { describe, expect, it } from 'vitest';
import {
  aeadDecrypt,
  aeadEncrypt,
  dhPublicKey,
  ecdhSharedSecret,
  hpkeOpen,
  hpkeSeal,
  hpkeSealMany,
  InvalidInputError,
  sign,
  signingPublicKey,
  useCoreModule,
  verify,
  verifyBatch,
  x25519,
} from '../../src/crypto/index.js';
import { toHex } from '../support/hex.js';
import { SeededRandom } from '../support/seeded-random.js';

const random = new SeededRandom(404);
const privateKey = random.bytes(32);
const publicKey = dhPublicKey(privateKey);
const verificationKey = signingPublicKey(privateKey);
const message = random.bytes(77);
const signature = sign(privateKey, message);
const key = random.bytes(32);
const nonce = random.bytes(12);
const aad = random.bytes(5);
const ciphertext = aeadEncrypt(key, nonce, message, aad);
const sealed = hpkeSeal(publicKey, message, { info: aad, aad });

/** One argument of a function: its name, a right value, and its length in bytes where that is fixed. */
interface Argument {
  readonly name: string;
  readonly value: Uint8Array;
  readonly length?: number;
}

/** A public function that takes byte arrays, as a call with its arguments in order. */
interface Subject {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly call: (...values: never[]) => unknown;
}

const fixed = (name: string, value: Uint8Array): Argument => ({ name, value, length: value.length });
const free = (name: string, value: Uint8Array): Argument => ({ name, value });

const SUBJECTS: readonly Subject[] = [
  { name: 'signingPublicKey', arguments: [fixed('privateKey', privateKey)], call: signingPublicKey },
  { name: 'dhPublicKey', arguments: [fixed('privateKey', privateKey)], call: dhPublicKey },
  { name: 'sign', arguments: [fixed('privateKey', privateKey), free('message', message)], call: sign },
  { name: 'x25519', arguments: [fixed('privateKey', privateKey), fixed('peerPublicKey', publicKey)], call: x25519 },
  {
    name: 'ecdhSharedSecret',
    arguments: [fixed('privateKey', privateKey), fixed('peerPublicKey', publicKey)],
    call: ecdhSharedSecret,
  },
  {
    name: 'aeadEncrypt',
    arguments: [fixed('key', key), fixed('nonce', nonce), free('plaintext', message), free('aad', aad)],
    call: aeadEncrypt,
  },
  {
    name: 'aeadDecrypt',
    arguments: [fixed('key', key), fixed('nonce', nonce), free('ciphertext', ciphertext), free('aad', aad)],
    call: aeadDecrypt,
  },
  {
    name: 'hpkeSeal',
    arguments: [
      fixed('recipientPublicKey', publicKey),
      free('plaintext', message),
      free('info', aad),
      free('aad', aad),
    ],
    call: (recipient, plaintext, info, data) => hpkeSeal(recipient, plaintext, { info, aad: data }),
  },
  {
    name: 'hpkeOpen',
    arguments: [
      fixed('privateKey', privateKey),
      fixed('enc', sealed.enc),
      free('ciphertext', sealed.ciphertext),
      free('info', aad),
      free('aad', aad),
    ],
    call: (own, enc, text, info, data) => hpkeOpen(own, enc, text, { info, aad: data }),
  },
  {
    name: 'hpkeSealMany',
    arguments: [fixed('publicKey', publicKey), free('info', aad), free('plaintext', message)],
    call: (recipient, info, plaintext) => hpkeSealMany([{ publicKey: recipient, info }], plaintext),
  },
];

function invoke(subject: Subject, values: readonly unknown[]): unknown {
  return subject.call(...(values as never[]));
}

/** Values that are no `Uint8Array`, whatever they look like. */
const NOT_BYTES: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 32],
  ['a string', 'x'.repeat(32)],
  ['an array of numbers', Array.from({ length: 32 }, () => 1)],
  ['an ArrayBuffer', new ArrayBuffer(32)],
  ['a DataView', new DataView(new ArrayBuffer(32))],
  ['a Uint8ClampedArray', new Uint8ClampedArray(32)],
  ['an Int8Array', new Int8Array(32)],
  ['a Uint16Array', new Uint16Array(16)],
  ['a Uint32Array', new Uint32Array(32)],
  ['a Float64Array', new Float64Array(4)],
  ['a BigUint64Array', new BigUint64Array(4)],
  ['a plain object with a length', { length: 32 }],
  ['an object that claims to be one', { [Symbol.toStringTag]: 'Uint8Array', length: 32 }],
  ['an object that inherits from Uint8Array', Object.create(Uint8Array.prototype)],
  ['a proxy of one', new Proxy(new Uint8Array(32), {})],
  ['a function', () => new Uint8Array(32)],
  ['a symbol', Symbol('key')],
  ['a bigint', 32n],
];

function detached(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function offset(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(0xa5, 0x5a, 0xff, ...bytes, 0xee, 0xdd).subarray(3, 3 + bytes.length);
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(SUBJECTS)('$name', (subject) => {
  const values = subject.arguments.map(({ value }) => value);

  it('refuses each argument that is no Uint8Array, naming it', () => {
    subject.arguments.forEach((argument, i) => {
      for (const [what, wrong] of NOT_BYTES) {
        const error = thrownBy(() => invoke(subject, values.with(i, wrong as Uint8Array)));
        expect(error, `${argument.name} is ${what}`).toBeInstanceOf(InvalidInputError);
        expect((error as Error).message, what).toContain(argument.name);
      }
    });
  });

  it('refuses each argument of a fixed length that has another one, naming it and telling nothing of its bytes', () => {
    subject.arguments.forEach((argument, i) => {
      if (argument.length === undefined) return;
      const longer = random.bytes(100);
      for (const length of [0, 1, argument.length - 1, argument.length + 1, 64, 100].filter(
        (n) => n !== argument.length,
      )) {
        const error = thrownBy(() => invoke(subject, values.with(i, longer.subarray(0, length))));
        expect(error, `${argument.name} of ${length} bytes`).toBeInstanceOf(InvalidInputError);
        expect((error as Error).message).toContain(argument.name);
        expect((error as Error).message).not.toContain('\n');
      }
      expect(thrownBy(() => invoke(subject, values.with(i, detached(argument.length ?? 0))))).toBeInstanceOf(
        InvalidInputError,
      );
    });
  });

  it('refuses a missing first argument', () => {
    expect(thrownBy(() => invoke(subject, []))).toBeInstanceOf(InvalidInputError);
  });

  it('takes subarrays with offsets, arrays over shared memory and subclasses for what they hold', () => {
    const kinds = [offset, shared, (bytes: Uint8Array) => globalThis.Buffer.from(bytes)];
    const isRandomized = subject.name === 'hpkeSeal' || subject.name === 'hpkeSealMany';
    const expected = invoke(subject, values);
    for (const kind of kinds) {
      const result = invoke(subject, values.map(kind));
      if (!isRandomized) expect(result).toEqual(expected);
      if (result instanceof Uint8Array) expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype);
    }
  });

  it('neither changes its arguments nor returns memory of its own', () => {
    const before = values.map(toHex);
    const first = invoke(subject, values);
    if (first instanceof Uint8Array) {
      const kept = first.slice();
      const second = invoke(subject, values);
      expect(second).not.toBe(first);
      expect(first).toEqual(kept);
      expect(first.byteOffset).toBe(0);
      expect(first.buffer.byteLength).toBe(first.length);
    }
    expect(values.map(toHex)).toEqual(before);
  });
});

describe('error messages', () => {
  it('hold no key material in any notation', () => {
    for (const subject of SUBJECTS) {
      const values = subject.arguments.map(({ value }) => value);
      subject.arguments.forEach((argument, i) => {
        const secret = random.bytes((argument.length ?? 40) + 1);
        const error = thrownBy(() => invoke(subject, values.with(i, secret)));
        if (!(error instanceof Error)) return;
        const text = `${error.name} ${error.message} ${JSON.stringify(error)} ${String(error.cause)}`;
        const tail = secret.subarray(0, 6);
        for (const notation of [toHex(tail), tail.join(','), globalThis.Buffer.from(tail).toString('base64')]) {
          expect(text.toLowerCase()).not.toContain(notation.toLowerCase());
        }
      });
    }
  });
});

describe('HPKE options and recipients', () => {
  it('refuses options that are no object', () => {
    for (const options of [null, 5, 'info', true] as never[]) {
      expect(() => hpkeSeal(publicKey, message, options)).toThrow(InvalidInputError);
      expect(() => hpkeOpen(privateKey, sealed.enc, sealed.ciphertext, options)).toThrow(InvalidInputError);
    }
  });

  it('takes frozen options and options without a prototype', () => {
    const options = Object.freeze(Object.assign(Object.create(null), { info: aad, aad }));
    expect(hpkeOpen(privateKey, sealed.enc, sealed.ciphertext, options)).toEqual(message);
  });

  it('refuses recipients that are no array of objects', () => {
    for (const recipients of [null, 5, 'x', {}, [null], [5], [{}], [undefined]] as never[]) {
      expect(() => hpkeSealMany(recipients, message)).toThrow(InvalidInputError);
    }
  });
});

describe('useCoreModule', () => {
  it('refuses what is no compiled module', () => {
    for (const wrong of [null, 5, {}, new Uint8Array(8)] as never[]) {
      expect(() => useCoreModule(wrong)).toThrow(InvalidInputError);
    }
  });
});

describe('verify', () => {
  const right = [verificationKey, signature, message] as const;
  const judge = (values: readonly unknown[]) => verify(...(values as [Uint8Array, Uint8Array, Uint8Array]));

  it('is false for every argument that is no Uint8Array, and never throws', () => {
    expect(judge(right)).toBe(true);
    right.forEach((_, i) => {
      for (const [what, wrong] of NOT_BYTES) expect(judge(right.with(i, wrong as Uint8Array)), what).toBe(false);
      expect(judge(right.slice(0, i))).toBe(false);
    });
  });

  it('is false for keys and signatures of any other length', () => {
    for (let length = 0; length <= 100; length++) {
      if (length !== 32) expect(verify(random.bytes(length), signature, message)).toBe(false);
      if (length !== 64) expect(verify(verificationKey, random.bytes(length), message)).toBe(false);
    }
    expect(verify(Uint8Array.of(...verificationKey, 0), signature, message)).toBe(false);
    expect(verify(verificationKey, Uint8Array.of(...signature, 0), message)).toBe(false);
    expect(verify(verificationKey, signature.subarray(0, 63), message)).toBe(false);
    expect(verify(detached(32), signature, message)).toBe(false);
  });

  it('takes subarrays with offsets, shared memory and subclasses', () => {
    for (const kind of [offset, shared, (bytes: Uint8Array) => globalThis.Buffer.from(bytes)]) {
      expect(judge(right.map(kind))).toBe(true);
    }
  });
});

describe('verifyBatch', () => {
  const good = { publicKey: verificationKey, signature, message };
  const throwing = (name: keyof typeof good) =>
    Object.defineProperty({ ...good }, name, {
      get: () => {
        throw new Error('from a getter');
      },
    });

  it('gives false to items that are no signed message, and the others their verdict', () => {
    const wrong: unknown[] = [null, undefined, 5, 'x', {}, [], () => good, { ...good, message: 'text' }];
    for (const name of ['publicKey', 'signature', 'message'] as const) {
      wrong.push(throwing(name));
      for (const [, value] of NOT_BYTES) wrong.push({ ...good, [name]: value });
    }
    const mixed = wrong.flatMap((item) => [good, item]) as (typeof good)[];
    expect(verifyBatch(mixed)).toEqual(wrong.flatMap(() => [true, false]));
    for (const item of wrong) expect(verifyBatch([item] as (typeof good)[])).toEqual([false]);
  });

  it('gives false to holes', () => {
    const sparse: (typeof good)[] = [good, good];
    sparse[4] = good;
    expect(verifyBatch(sparse)).toEqual([true, true, false, false, true]);
  });

  it('has no verdicts for what is no array', () => {
    for (const wrong of [null, undefined, 5, 'ab', {}, { length: 2 }] as never[])
      expect(verifyBatch(wrong)).toEqual([]);
  });

  it('gives right verdicts to frozen items and to items whose getters use the library themselves', () => {
    const reentrant = {
      get publicKey() {
        aeadEncrypt(key, nonce, new Uint8Array(70_000));
        return verificationKey;
      },
      get signature() {
        verify(new Uint8Array(32).fill(1), new Uint8Array(64), new Uint8Array(500));
        return signature;
      },
      get message() {
        sign(key, new Uint8Array(70_000));
        return message;
      },
    };
    const forged = { ...good, message: aad };
    const items = [Object.freeze({ ...good }), reentrant, forged, reentrant, good];
    expect(verifyBatch(items)).toEqual([true, true, false, true, true]);
  });
});
