// @ts-check
/**
 * A peer in workerd: a handler over a database in memory. What is posted to `/perform` are the test's commands; everything
 * else is for the handler.
 */
import core from 'arborist-mesh/core.wasm';
import sqlite from 'arborist-mesh/sqlite.wasm';
import { useCoreModule } from '../../../dist/crypto/index.js';
import { useSqliteModule } from '../../../dist/index.js';
import { createMeshHandler } from '../../../dist/wire/index.js';
import { peer, perform } from '../processes/peer-commands.mjs';

useCoreModule(core);
useSqliteModule(sqlite);

/** @type {import('../../../dist/wire/index.js').MeshHandler | undefined} */
let handler;

export default {
  async fetch(/** @type {Request} */ request) {
    if (new URL(request.url).pathname === '/perform') return Response.json(await perform(await request.json()));
    handler ??= createMeshHandler(peer.db, { bodyTimeoutMs: 500 });
    return handler(request);
  },
};
