/**
 * Wiping: after every call that handles a secret, success or failure, nothing in the core's whole memory depends on the secret, except what is
 * public; and none of the named secrets stands there in any form. Leaving out any single wipe makes this fail.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { type FreshCrypto, loadCrypto } from '../support/fresh-crypto.js';
import { findSecrets, secretDependentBytes } from '../support/memory-residue.js';
import { SECRET_SCENARIOS, type SecretScenario } from '../support/secret-scenarios.js';
import { SeededRandom } from '../support/seeded-random.js';
import { encodeModule, readBuiltCore, type WasmModule } from '../support/wasm/module.js';
import { CALLS_UNTIL_SKIP, skipOneCall, wipeSites } from '../support/wasm/wipes.js';

const random = new SeededRandom(0x51ec);
const ONE_SECRET = random.bytes(32);
const OTHER_SECRET = random.bytes(32);

function runAndKeep({ api, memory }: FreshCrypto, scenario: SecretScenario, secret: Uint8Array) {
  const { run, secrets } = scenario.prepare(api, secret);
  const publicData = run();
  return { publicData, secrets, memory: memory.slice() };
}

/** What a scenario leaves behind, in words; empty if nothing. */
function residueOf(crypto: FreshCrypto, scenario: SecretScenario): string[] {
  const one = runAndKeep(crypto, scenario, ONE_SECRET);
  const other = runAndKeep(crypto, scenario, OTHER_SECRET);
  const dependent = secretDependentBytes(one, other);
  const found = findSecrets(other.memory, other.secrets);
  const description = `${dependent.length} bytes between ${dependent.at(0)} and ${dependent.at(-1)} depend on the secret`;
  return dependent.length > 0 ? [description, ...found] : found;
}

/** The first scenario that leaves something behind, or whose public output is not the expected one; null if there is none. */
function firstFailure(crypto: FreshCrypto, expectedOutputs: readonly (readonly Uint8Array[])[]): string | null {
  for (const [i, scenario] of SECRET_SCENARIOS.entries()) {
    try {
      const outputs = runAndKeep(crypto, scenario, ONE_SECRET).publicData;
      if (!outputs.every((bytes, j) => equalBytes(bytes, expectedOutputs[i]?.[j] ?? new Uint8Array(0)))) {
        return `${scenario.name}: wrong output`;
      }
      const residue = residueOf(crypto, scenario);
      if (residue.length > 0) return `${scenario.name}: ${residue.join(', ')}`;
    } catch (error) {
      return `${scenario.name}: ${String(error)}`;
    }
  }
  return null;
}

describe('after the call, the core remembers nothing of the secret', () => {
  let crypto: FreshCrypto;

  beforeAll(async () => {
    crypto = await loadCrypto(encodeModule(readBuiltCore()));
    for (const scenario of SECRET_SCENARIOS) scenario.prepare(crypto.api, ONE_SECRET).run();
  });

  for (const scenario of SECRET_SCENARIOS) {
    it(`of ${scenario.name}`, () => {
      expect(residueOf(crypto, scenario)).toEqual([]);
    });
  }
});

describe('the proof of wiping', () => {
  let expectedOutputs: (readonly Uint8Array[])[];

  beforeAll(async () => {
    const crypto = await loadCrypto(encodeModule(readBuiltCore()));
    expectedOutputs = SECRET_SCENARIOS.map((scenario) => scenario.prepare(crypto.api, ONE_SECRET).run());
  });

  it('passes on the core as it is', async () => {
    const crypto = await loadCrypto(encodeModule(readBuiltCore()));
    expect(firstFailure(crypto, expectedOutputs)).toBeNull();
  });

  async function failureWithout(remove: (module: WasmModule) => void): Promise<string | null> {
    const module = readBuiltCore();
    remove(module);
    return firstFailure(await loadCrypto(encodeModule(module)), expectedOutputs);
  }

  for (const site of wipeSites(readBuiltCore())) {
    it(`fails without the wipe at ${site.name}`, async () => {
      expect(await failureWithout(site.remove)).not.toBeNull();
    });
  }

  it('fails without any one of the wipes that the facade calls', async () => {
    const module = readBuiltCore();
    skipOneCall(module, 'wipe');
    const crypto = await loadCrypto(encodeModule(module));
    const untilSkip = crypto.exports[CALLS_UNTIL_SKIP] as WebAssembly.Global<'i32'>;
    const unnoticed: string[] = [];
    let tried = 0;
    for (const scenario of SECRET_SCENARIOS) {
      const one = runAndKeep(crypto, scenario, ONE_SECRET);
      const { run } = scenario.prepare(crypto.api, OTHER_SECRET);
      untilSkip.value = 0;
      run();
      const calls = -untilSkip.value;
      for (let skipped = 1; skipped <= calls; skipped++) {
        tried++;
        untilSkip.value = skipped;
        const publicData = run();
        const other = { publicData, memory: crypto.memory.slice() };
        if (secretDependentBytes(one, other).length === 0)
          unnoticed.push(`${scenario.name}, wipe ${skipped} of ${calls}`);
      }
    }
    expect(tried).toBeGreaterThan(10);
    expect(unnoticed).toEqual([]);
  });
});
