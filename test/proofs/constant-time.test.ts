/**
 * Constant time: the built core, instrumented, takes the same branches, touches the same addresses and divides the same operands for
 * every secret. Positive controls show that a leak of each kind is noticed.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type FreshCrypto, loadCrypto } from '../support/fresh-crypto.js';
import { EXTREME_BYTES } from '../support/limb-patterns.js';
import { SECRET_SCENARIOS, type SecretScenario } from '../support/secret-scenarios.js';
import { SeededRandom } from '../support/seeded-random.js';
import { HARMLESS_CODE, LEAKING_CODE } from '../support/wasm/leaks.js';
import { exportedFunction, type Instruction, readBuiltCore } from '../support/wasm/module.js';
import { callCounter, TraceRecorder, traceModule } from '../support/wasm/trace.js';

/** Exports that never see a secret; whatever else the core exports must be run by a scenario. */
const PUBLIC_EXPORTS = /^(windowAddress|verify\w+|batch\w+|isRosterKey|_start)$/;

const SECRETS: readonly Uint8Array<ArrayBuffer>[] = specialAndRandomSecrets();

function specialAndRandomSecrets(): Uint8Array<ArrayBuffer>[] {
  const random = new SeededRandom(1);
  const special = [0x00, 0xff, 0x01, 0x80, 0x55, 0xaa, 0x0f, 0xf0].map((byte) => new Uint8Array(32).fill(byte));
  for (let bit = 0; bit < 256; bit += 11) special.push(new Uint8Array(32).with(bit >>> 3, 1 << (bit & 7)));
  special.push(...EXTREME_BYTES.filter((_, i) => i % 4 === 0).map((bytes) => bytes.slice()));
  return [...special, ...Array.from({ length: 220 - special.length }, () => random.bytes(32).slice())];
}

/** Warms the scenario up and describes the first secret whose trace differs from the first one's, null if there is none. */
function findLeak(crypto: FreshCrypto, recorder: TraceRecorder, scenario: SecretScenario): string | null {
  const [first = new Uint8Array(32)] = SECRETS;
  const actionFor = (secret: Uint8Array) => {
    const { run } = scenario.prepare(crypto.api, secret);
    return () => void run();
  };
  const expectedAction = actionFor(first);
  expectedAction();
  const expected = recorder.record(expectedAction);
  expect(expected.count, 'the core was not run').toBeGreaterThan(50n);
  for (const secret of SECRETS) {
    const action = actionFor(secret);
    const trace = recorder.record(action);
    if (trace.hash !== expected.hash || trace.count !== expected.count) {
      return recorder.firstDifference(expectedAction, action);
    }
  }
  return null;
}

describe('constant time', () => {
  let crypto: FreshCrypto;
  let recorder: TraceRecorder;
  let exported: string[];

  beforeAll(async () => {
    const built = readBuiltCore();
    exported = built.exports.flatMap(({ kind, name }) => (kind === 0 && !PUBLIC_EXPORTS.test(name) ? [name] : []));
    const traced = traceModule(built);
    crypto = await loadCrypto(traced.binary);
    recorder = new TraceRecorder(crypto.exports, traced.sites);
  });

  it('is tried with at least 200 secrets', () => expect(SECRETS.length).toBeGreaterThanOrEqual(200));

  for (const scenario of SECRET_SCENARIOS) {
    it(`holds for ${scenario.name}`, () => expect(findLeak(crypto, recorder, scenario)).toBeNull());
  }

  it('was shown for every export that may see a secret', () => {
    const calls = (name: string) => (crypto.exports[callCounter(name)] as WebAssembly.Global<'i64'>).value;
    expect(exported.filter((name) => calls(name) === 0n)).toEqual([]);
  });

  it('is not left to the divider: the core divides nothing at all', () => {
    const divisions = readBuiltCore().functions.flatMap(({ body }) =>
      body.filter(({ name }) => /\.(div|rem)_/.test(name)),
    );
    expect(divisions).toEqual([]);
  });
});

describe('the proof of constant time', () => {
  /** What the proof says of the core with this code at the start of `aeadSeal`, whose first parameter is the key's address. */
  async function findLeakWith(code: readonly Instruction[]): Promise<string | null> {
    const changed = readBuiltCore();
    changed.functions[exportedFunction(changed, 'aeadSeal')]?.body.unshift(...code);
    const traced = traceModule(changed);
    const crypto = await loadCrypto(traced.binary);
    const scenario = SECRET_SCENARIOS.find(({ name }) => name.startsWith('aeadEncrypt'));
    if (scenario === undefined) throw new Error('no scenario for aeadEncrypt');
    return findLeak(crypto, new TraceRecorder(crypto.exports, traced.sites), scenario);
  }

  for (const [name, code] of LEAKING_CODE) {
    it(`notices ${name}`, async () => expect(await findLeakWith(code)).toContain('aeadSeal'));
  }

  it('notices nothing in the same place when the key only goes through arithmetic', async () => {
    expect(await findLeakWith(HARMLESS_CODE)).toBeNull();
  });
});
