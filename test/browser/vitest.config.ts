/** The proofs in a real browser: `npm run test:browser`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('.', import.meta.url).pathname,
    include: ['*.browser.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One browser at a time.
    fileParallelism: false,
    // The kinds of database of a file's tests: a peer that waits for a lock keeps nobody else from working.
    maxConcurrency: 3,
  },
});
