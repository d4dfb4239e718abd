import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      {
        find: '#sha256',
        replacement: new URL('./src/crypto/sha256-stream.node.ts', import.meta.url).pathname,
      },
      {
        find: '#file-storage',
        replacement: new URL('./src/store/file-storage.node.ts', import.meta.url).pathname,
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
