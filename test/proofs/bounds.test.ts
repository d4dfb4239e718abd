/**
 * Bounds: no lane or limb of the core's arithmetic overflows, whatever the input. The built module itself is run on ranges instead of
 * numbers: every byte that the facade hands over is unknown, and each value that must fit its lane is shown to fit.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { compiledBounds } from '../support/documented-bounds.js';
import type { CryptoApi as Api } from '../support/fresh-crypto.js';
import { LIMBS, limbOffset, PAIR_SIZE } from '../support/pairs.js';
import {
  type InterpretedCrypto,
  interpreterAfter,
  loadInterpretedCrypto,
} from '../support/ranges/interpreted-crypto.js';
import type { AbstractInterpreter, LocatedOverflow } from '../support/ranges/interpreter.js';
import { SeededRandom } from '../support/seeded-random.js';
import { readBuiltCore } from '../support/wasm/module.js';

/** Half a minute of interval arithmetic: what changes its outcome is the core, and then the longer tests are to be run. */
const IS_LONG = process.env.MODE === 'long';

/** Code that counts modulo a power of two on purpose. */
const MODULAR_BY_DESIGN: readonly (readonly [RegExp, string])[] = [
  [/^sha(256|512)\//, 'additions are modulo the word size (FIPS 180-4 §3.2)'],
  [/^x?chacha20\//, 'additions are modulo 2^32 (RFC 8439 §2.1)'],
  [/^chacha20poly1305\/finish$|^poly1305\/poly1305Finish$/, 'the sum with s is modulo 2^128 (RFC 8439 §2.5)'],
  [/^~lib\/polyfills\/bswap/, 'bytes in the other order, by shifts that drop what leaves the word'],
  [/^ed25519-half-scalars\//, "two's complement in several words, of public numbers"],
  [/^field25519-inverse\//, 'division steps on low words; see inversion.test.ts'],
];

/** The files whose functions must all have been run. */
const ARITHMETIC = /^(field25519|edwards25519|x25519|scalar25519|poly1305|ed25519-roster-key)/;

/** Functions that build the table of multiples of the base point: from constants, before any input. */
const TABLE_BUILDING = /^edwards25519-base-table\//;

const random = new SeededRandom(9429);
const PRIVATE_KEY = random.bytes(32);
const PEER_PRIVATE_KEY = random.bytes(32);
const MESSAGE = random.bytes(100);

let signers = 0;

/** Signed messages, of other signers at each call: the core must not know their keys from an earlier one. */
function signedMessages(api: Api, count: number) {
  signers++;
  return Array.from({ length: count }, (_, i) => {
    const key = PRIVATE_KEY.with(0, i % 3).with(1, signers);
    const message = MESSAGE.with(0, i);
    return { publicKey: api.signingPublicKey(key), signature: api.sign(key, message), message };
  });
}

/** Calls on the facade, ready-made by real arithmetic so that only the call itself is interpreted. */
const CALLS: readonly { name: string; prepare: (real: Api) => (api: Api) => unknown }[] = [
  {
    name: 'x25519',
    prepare: (real) => {
      const peer = real.dhPublicKey(PEER_PRIVATE_KEY);
      return (api) => api.x25519(PRIVATE_KEY, peer);
    },
  },
  { name: 'dhPublicKey', prepare: () => (api) => api.dhPublicKey(PRIVATE_KEY) },
  { name: 'sign', prepare: () => (api) => api.sign(PRIVATE_KEY, MESSAGE) },
  {
    name: 'verify',
    prepare: (real) => {
      const [item] = signedMessages(real, 1);
      if (item === undefined) throw new Error('no item');
      return (api) => [1, 2, 3].map(() => api.verify(item.publicKey, item.signature, item.message));
    },
  },
  {
    name: 'verifyBatch',
    prepare: (real) => {
      const items = signedMessages(real, 5);
      return (api) => api.verifyBatch(items);
    },
  },
  {
    name: 'isRosterKey',
    prepare: (real) => {
      const publicKey = real.signingPublicKey(PRIVATE_KEY);
      return (api) => api.isRosterKey(publicKey);
    },
  },
  {
    name: 'hpkeSealMany',
    prepare: (real) => {
      const recipient = { publicKey: real.dhPublicKey(PEER_PRIVATE_KEY), info: MESSAGE };
      // The ciphertexts are never the same twice, what opens from them is.
      return (api) =>
        api
          .hpkeSealMany([recipient, recipient], PRIVATE_KEY)
          .map(({ enc, ciphertext }) => real.hpkeOpen(PEER_PRIVATE_KEY, enc, ciphertext, { info: MESSAGE }));
    },
  },
  ...[0, 100, 1100].map((length) => ({
    name: `aeadEncrypt of ${length} bytes`,
    prepare: () => (api: Api) => api.aeadEncrypt(PRIVATE_KEY, MESSAGE.subarray(0, 12), new Uint8Array(length), MESSAGE),
  })),
];

/** Runs everything once, so that tables and caches of the first call are there. */
function warmUp(api: Api): void {
  for (const { prepare } of CALLS) prepare(api)(api);
}

function unexpected(overflows: readonly LocatedOverflow[]): string[] {
  const located = overflows.filter(({ function: name }) => !MODULAR_BY_DESIGN.some(([pattern]) => pattern.test(name)));
  const lines = located.map(({ function: name, position, operation, width, range }) => {
    return `${name}+${position}: ${operation} of ${range.low} … ${range.high} in ${width} bits`;
  });
  return [...new Set(lines)];
}

describe.runIf(IS_LONG)('the core run on ranges', () => {
  let interpreted: InterpretedCrypto;

  beforeAll(async () => {
    interpreted = await loadInterpretedCrypto(warmUp);
  });

  for (const { name, prepare } of CALLS) {
    it(`${name}: nothing overflows, and the sample run gives the real result`, () => {
      const call = prepare(interpreted.real);
      const { interpreter } = interpreted;
      interpreter.overflows.length = 0;
      const result = call(interpreted.api);
      expect(result).toEqual(call(interpreted.real));
      expect(unexpected(interpreter.overflows)).toEqual([]);
    });
  }

  it('has run every function of the fields, the curves, the scalars and Poly1305', () => {
    const names = readBuiltCore().names.filter((name) => ARITHMETIC.test(name) && !TABLE_BUILDING.test(name));
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !interpreted.interpreter.executed.has(name))).toEqual([]);
  });
});

describe('the documented bounds', () => {
  const compiled = compiledBounds(readBuiltCore());
  const names = readBuiltCore().names;
  /** What other parameters than pairs are set to. */
  const others: Readonly<Record<string, number>> = { count: 3, lane: 1, mask: -1 };
  let interpreter: AbstractInterpreter;
  let window: number;

  beforeAll(async () => {
    interpreter = await interpreterAfter(warmUp);
    window = Number(interpreter.call(names.indexOf('memory/windowAddress')) ?? 0n);
  });

  /** Runs a function on pairs whose limbs are anything below the bounds; the overflows, and the largest limb of `out`. */
  function runAt(name: string, parameters: readonly string[], bounds: ReadonlyMap<string, bigint>) {
    const index = names.indexOf(name);
    const addresses = parameters.map((parameter, i) => others[parameter] ?? window + i * PAIR_SIZE);
    parameters.forEach((parameter, i) => {
      const bound = bounds.get(parameter);
      if (bound !== undefined) putPair(addresses[i] ?? 0, bound);
    });
    interpreter.overflows.length = 0;
    interpreter.call(index, ...addresses);
    return {
      overflows: unexpected(interpreter.overflows),
      largest: largestLimb(addresses[parameters.indexOf('out')] ?? 0),
    };
  }

  function putPair(address: number, bound: bigint): void {
    const { arithmetic, memory } = interpreter;
    for (let offset = 0; offset < PAIR_SIZE; offset += 4) memory.put(address + offset, arithmetic.constant(32, 0n));
    for (const lane of [0, 1]) {
      for (let limb = 0; limb < LIMBS; limb++) {
        memory.put(address + limbOffset(lane, limb), arithmetic.unknown(32, 0n, { low: 0n, high: bound - 1n }));
      }
    }
  }

  function largestLimb(address: number): bigint {
    let largest = 0n;
    for (let offset = 0; offset < PAIR_SIZE; offset += 4) {
      const { high } = interpreter.memory.load(address + offset, 32).range(interpreter.arithmetic.symbols);
      if (high > largest) largest = high;
    }
    return largest;
  }

  it('are stated, in a form that can be checked, at the functions that everything is made of', () => {
    expect(compiled.map(({ name }) => name)).toEqual(expect.arrayContaining(['multiply', 'square']));
  });

  for (const { file, name, parameters, inputs, output } of compiled) {
    it(`of ${name} hold: inputs within them overflow nothing and give an output within its own`, () => {
      const { overflows, largest } = runAt(`${file}/${name}`, parameters, inputs);
      expect(overflows).toEqual([]);
      if (output !== undefined) expect(largest < output, `${largest} < ${output}`).toBe(true);
    });
  }

  it('are needed: with limbs of 32 bits, or two differences, multiply overflows', () => {
    const difference = 2n ** 30n + 2n ** 29n + 2n ** 24n;
    for (const bound of [2n ** 32n, difference]) {
      const bounds = new Map([
        ['a', bound],
        ['b', bound],
      ]);
      expect(runAt('field25519/multiply', ['out', 'a', 'b'], bounds).overflows).not.toEqual([]);
    }
  });
});
