import { defineConfig } from 'vitest/config';

export default defineConfig({
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
  },
});
