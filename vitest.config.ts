/**
 * How the tests run: two files at a time, and most of them in the process of the one before. `--mode long` and `--mode native`
 * are for the scripts of package.json that name the files which then run in full.
 *
 * @module
 */
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest, the longest first: one of them left for the end would keep a worker busy and the other one idle. */
const LONGEST = [
  // With `--mode native` only.
  'store/native-crash',
  // Compiles the core for its tests where that was not done yet, and others then find it compiled.
  'crypto/edwards25519',
  'membership/simulation',
  'crypto/ed25519-peers',
  'proofs/constant-time',
  'crypto/x25519-peers',
  'repository/readme',
  'repository/build',
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

/** The areas whose tests leave nothing behind in the modules that they import: they need no process of their own. */
const SHARED_AREAS = '{bench,cli,codec,membership,mesh,records,repository,wire}';

/** Files of those areas that need one nevertheless: for much memory, a module that is replaced, other runtimes; the longest. */
const ISOLATED = [
  'cli/passphrase',
  'mesh/applying',
  'mesh/thousand-members',
  'membership/fifty-peers',
  'wire/processes/*',
  ...LONGEST,
  ...LONGEST_IN_LONG_MODE,
];

/** What has nothing to do but with `--mode long` or `--mode native`. */
const ONLY_IN_MODE = {
  long: ['membership/fifty-peers', 'wire/processes/*'],
  native: ['store/native-contention', 'store/native-crash'],
};

/** What tests the same and more with `--mode long` or `--mode native` than without. */
const CONTAINED_IN_LONG_MODE = [
  'cli/conform',
  'crypto/verification-rule',
  'mesh/records/large-documents',
  'proofs/bounds',
  'proofs/wiping',
  'records/large-documents',
  'store/crash',
  'store/drivers',
  'store/faults',
  'wire/join-group',
];

const testFiles = (names: readonly string[]) => names.map((name) => `test/${name}.test.ts`);

/** Files that need not be started, and what holds none of ours. */
function leftOut(mode: string): string[] {
  const ofOtherModes = Object.entries(ONLY_IN_MODE).flatMap(([only, names]) => (only === mode ? [] : names));
  // Whoever sets this runs the longer tests as well, as `.ci/run` does: no test is lost.
  const again = mode === 'test' && process.env.ARBORIST_LONG_FOLLOWS === '1' ? CONTAINED_IN_LONG_MODE : [];
  return [...configDefaults.exclude, ...testFiles([...ofOtherModes, ...again])];
}

/** Isolated files first, the longest of them at the head: a process is shared only from one file to the very next. */
function longestFirst(longest: readonly string[]): typeof BaseSequencer {
  const rank = ({ moduleId, project }: TestSpecification) => {
    if (!project.config.isolate) return longest.length + 1;
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
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: longestFirst(mode === 'long' ? LONGEST_IN_LONG_MODE : LONGEST) },
    // A mode is not inherited: without it the longer tests would be skipped.
    projects: [
      {
        extends: true,
        mode,
        test: {
          name: 'isolated',
          include: [`test/!(${SHARED_AREAS})/**/*.test.ts`, ...testFiles(ISOLATED)],
          exclude: leftOut(mode),
        },
      },
      {
        extends: true,
        mode,
        test: {
          name: 'shared',
          isolate: false,
          include: [`test/${SHARED_AREAS}/**/*.test.ts`],
          exclude: [...testFiles(ISOLATED), ...leftOut(mode)],
        },
      },
    ],
  },
}));
