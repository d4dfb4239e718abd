import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest, the longest first: one of them left for the end would keep a worker busy and the other one idle. */
const LONGEST = [
  'membership/simulation',
  'crypto/ed25519-peers',
  'proofs/constant-time',
  'crypto/x25519-peers',
  'repository/readme',
  'membership/trees',
  'crypto/hpke-peers',
  'crypto/verification-rule',
  'mesh/head',
  'cli/process',
];

/** The same with `--mode long`. */
const LONGEST_IN_LONG_MODE = [
  'store/crash',
  'crypto/verification-rule',
  'store/faults',
  'store/contention',
  'records/large-documents',
  'proofs/bounds',
  'proofs/wiping',
];

function longestFirst(longest: readonly string[]): typeof BaseSequencer {
  const rank = ({ moduleId }: TestSpecification) => {
    const place = longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
    return place < 0 ? longest.length : place;
  };
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
    }
  };
}

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      {
        find: /^arborist-mesh$/,
        replacement: new URL('./src/index.ts', import.meta.url).pathname,
      },
      {
        find: /^arborist-mesh\/(crypto|wire)$/,
        replacement: new URL('./src/$1/index.ts', import.meta.url).pathname,
      },
      {
        find: '#sha256',
        replacement: new URL('./src/crypto/sha256-stream.node.ts', import.meta.url).pathname,
      },
      {
        find: '#file-storage',
        replacement: new URL('./src/store/file-storage.node.ts', import.meta.url).pathname,
      },
      {
        find: '#native-sqlite',
        replacement: new URL('./src/store/node/native-sqlite.node.ts', import.meta.url).pathname,
      },
      {
        find: '#wire-transport',
        replacement: new URL('./src/wire/node/transport.node.ts', import.meta.url).pathname,
      },
      {
        find: '#wire-server',
        replacement: new URL('./src/wire/node/serve.node.ts', import.meta.url).pathname,
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: longestFirst(mode === 'long' ? LONGEST_IN_LONG_MODE : LONGEST) },
  },
}));
