/**
 * Wiping: after every call that handles a secret, success or failure, nothing in the core's whole memory depends on the secret, except what is
 * public; and none of the named secrets stands there in any form. Of a message that is verified, what follows from its hash may stay. Leaving
 * out any single wipe of a secret makes this fail.
 *
 * @module
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { type FreshCrypto, loadCrypto } from '../support/fresh-crypto.js';
import { findSecrets, secretDependentBytes } from '../support/memory-residue.js';
import { SECRET_SCENARIOS, type SecretScenario, VERIFYING_SCENARIOS } from '../support/secret-scenarios.js';
import { SeededRandom } from '../support/seeded-random.js';
import { encodeModule, readBuiltCore } from '../support/wasm/module.js';
import { digestBeforeWipes, siteDigest } from '../support/wasm/wipe-digests.js';
import { removeWipe, type WipeSite, wipeSites } from '../support/wasm/wipes.js';

const random = new SeededRandom(0x51ec);
const ONE_SECRET = random.bytes(32);
const OTHER_SECRET = random.bytes(32);

function runAndKeep({ api, memory }: FreshCrypto, scenario: SecretScenario, secret: Uint8Array) {
  const { run, secrets } = scenario.prepare(api, secret);
  const publicData = run();
  return { publicData, secrets, memory: memory.slice() };
}

type Kept = ReturnType<typeof runAndKeep>;

const SCENARIOS = [...SECRET_SCENARIOS, ...VERIFYING_SCENARIOS];

/** Bytes that depend on the secret and must not, in words; empty if there are none. */
function dependence(scenario: SecretScenario, one: Kept, other: Kept): string[] {
  if (VERIFYING_SCENARIOS.includes(scenario)) return findSecrets(other.memory, other.secrets);
  const dependent = secretDependentBytes(one, other);
  if (dependent.length === 0) return [];
  return [`${dependent.length} bytes between ${dependent.at(0)} and ${dependent.at(-1)} depend on the secret`];
}

/** What a scenario leaves behind, in words; empty if nothing. */
function residueOf(crypto: FreshCrypto, scenario: SecretScenario): string[] {
  const one = runAndKeep(crypto, scenario, ONE_SECRET);
  const other = runAndKeep(crypto, scenario, OTHER_SECRET);
  return [...dependence(scenario, one, other), ...findSecrets(other.memory, other.secrets)];
}

/** What is wrong after a scenario on a changed core: wrong output, an error, or bytes that depend on the secret; null if nothing. */
function failureOf(crypto: FreshCrypto, scenario: SecretScenario, expected: readonly Uint8Array[]): string | null {
  try {
    const one = runAndKeep(crypto, scenario, ONE_SECRET);
    const isRight = one.publicData.every((bytes, i) => equalBytes(bytes, expected[i] ?? new Uint8Array(0)));
    if (!isRight) return 'wrong output';
    return dependence(scenario, one, runAndKeep(crypto, scenario, OTHER_SECRET))[0] ?? null;
  } catch (error) {
    return String(error);
  }
}

/** Each wipe of the module is taken out in turn, which takes a while. */
const IS_LONG = process.env.MODE === 'long';

describe('after the call, the core remembers nothing of the secret', () => {
  let crypto: FreshCrypto;

  beforeAll(async () => {
    crypto = await loadCrypto(encodeModule(readBuiltCore()));
    for (const scenario of SCENARIOS) scenario.prepare(crypto.api, ONE_SECRET).run();
  });

  for (const scenario of SCENARIOS) {
    it(`of ${scenario.name}`, () => {
      expect(residueOf(crypto, scenario)).toEqual([]);
    });
  }
});

describe.runIf(IS_LONG)('the proof of wiping', () => {
  const sites = wipeSites(readBuiltCore());
  /** For each site the scenarios in which it overwrites something that depends on the secret. */
  const scenariosOf = new Map<WipeSite, { scenario: SecretScenario; expected: readonly Uint8Array[] }[]>();

  beforeAll(async () => {
    const module = readBuiltCore();
    digestBeforeWipes(module);
    const crypto = await loadCrypto(encodeModule(module));
    const globals = sites.map((site) => crypto.exports[siteDigest(site)] as WebAssembly.Global<'i64'> | undefined);
    const digests = (scenario: SecretScenario, secret: Uint8Array) => {
      const { run } = scenario.prepare(crypto.api, secret);
      for (const global of globals) if (global !== undefined) global.value = 0n;
      const expected = run();
      return { expected, values: globals.map((global) => global?.value) };
    };
    for (const scenario of SECRET_SCENARIOS) digests(scenario, ONE_SECRET);
    for (const scenario of SCENARIOS) {
      const one = digests(scenario, ONE_SECRET);
      const other = digests(scenario, OTHER_SECRET);
      sites.forEach((site, i) => {
        const isKnown = site.instructions.every(({ region }) => region !== null);
        // What a verification overwrites may follow from the message's hash, which is public.
        if (isKnown && (one.values[i] === other.values[i] || VERIFYING_SCENARIOS.includes(scenario))) return;
        scenariosOf.set(site, [...(scenariosOf.get(site) ?? []), { scenario, expected: one.expected }]);
      });
    }
  });

  it('knows many places that wipe secrets', () => {
    expect(scenariosOf.size).toBeGreaterThan(20);
  });

  for (const site of sites) {
    it(`fails without the ${site.name}, unless that never meets a secret`, async ({ skip }) => {
      const scenarios = scenariosOf.get(site);
      if (scenarios === undefined) return skip('it overwrites nothing that depends on a secret');
      const module = readBuiltCore();
      removeWipe(module, site);
      const crypto = await loadCrypto(encodeModule(module));
      const isNoticed = scenarios.some(({ scenario, expected }) => failureOf(crypto, scenario, expected) !== null);
      expect(isNoticed).toBe(true);
    });
  }
});

/** One call of the exported `wipe` by the facade. */
interface FacadeWipe {
  /** The line of the facade, or of the facade's caller where a helper for the window does the wiping. */
  readonly place: string;
  readonly address: number;
  readonly content: Uint8Array;
}

/** The crypto layer with its calls of `wipe` recorded, and skipped where the answer says so. */
async function loadWithWipesRecorded(record: (wipe: FacadeWipe) => 'skip' | 'wipe'): Promise<FreshCrypto> {
  return loadCrypto(encodeModule(readBuiltCore()), (exports) => {
    const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
    const wipe = exports.wipe as (address: number, length: number) => void;
    const recorded = (address: number, length: number) => {
      const lines = [...(new Error().stack ?? '').matchAll(/src\/crypto\/([\w.-]+:\d+)/g)].map(
        ([, line]) => line ?? '',
      );
      const place = lines.find((line) => !line.startsWith('window.ts')) ?? 'nowhere';
      const content = memory.slice(address, address + length);
      if (record({ place, address, content }) === 'wipe') wipe(address, length);
    };
    return { ...exports, wipe: recorded };
  });
}

describe.runIf(IS_LONG)('the proof of wiping, for the wipes that the facade asks for', () => {
  it('fails without any of those that meet a secret', async () => {
    let wipes: FacadeWipe[] = [];
    let skipped = -1;
    const crypto = await loadWithWipesRecorded((one) => (wipes.push(one) - 1 === skipped ? 'skip' : 'wipe'));
    const runWith = (scenario: SecretScenario, secret: Uint8Array, skip: number) => {
      const { run, secrets } = scenario.prepare(crypto.api, secret);
      wipes = [];
      skipped = skip;
      const publicData = run();
      skipped = -1;
      const image = { publicData, secrets, memory: crypto.memory.slice(), wipes };
      // What was not wiped must not be mistaken for what the next run leaves.
      const left = wipes[skip];
      if (left !== undefined) crypto.memory.fill(0, left.address, left.address + left.content.length);
      return image;
    };
    const ofSecrets = new Set<string>();
    const noticed = new Set<string>();
    for (const scenario of SCENARIOS) {
      const one = runWith(scenario, ONE_SECRET, -1);
      const other = runWith(scenario, OTHER_SECRET, -1);
      for (const [i, { place, content }] of other.wipes.entries()) {
        const before = { publicData: one.publicData, memory: one.wipes[i]?.content ?? content };
        if (secretDependentBytes(before, { publicData: other.publicData, memory: content }).length === 0) continue;
        ofSecrets.add(place);
        if (dependence(scenario, one, runWith(scenario, OTHER_SECRET, i)).length > 0) noticed.add(place);
      }
    }
    expect(ofSecrets.size).toBeGreaterThan(2);
    expect([...ofSecrets].filter((place) => !noticed.has(place))).toEqual([]);
  });
});
