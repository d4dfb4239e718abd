/** Fetching a document's chunks from several handlers at once. */
import { describe, expect, test } from 'vitest';
import { ingest, type MeshDatabase, publishRecord, recordById, recordContent } from '../../src/index.js';
import { type FetchProgress, fetchRecord, type MeshHandler, syncWith } from '../../src/wire/index.js';
import { openGroup } from '../mesh/support/peers.js';
import { handlerOf, network } from './support/handler-peers.js';

const urlOf = (name: string) => `https://${name}.example`;
const CHUNKER = { name: 'fixed/1', size: 1_024 } as const;

async function documentOf(db: MeshDatabase, bytes: Uint8Array) {
  return ingest(db, bytes, { uri: 'urn:oak', canonicalization: 'bytes/1', chunker: CHUNKER, store: 'chunks' });
}

async function world() {
  const peers = await openGroup(['ada', 'ben', 'cleo']);
  const { ada, ben, cleo } = peers;
  const content = new Uint8Array(130_000).map((_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
  const record = await documentOf(ada, content);
  publishRecord(ada, record.recordId);
  await documentOf(ben, content);
  const transport = network({ [urlOf('ada')]: handlerOf(ada), [urlOf('ben')]: handlerOf(ben) });
  for (const db of [ben, cleo]) await syncWith(db, { url: urlOf('ada') }, { transport });
  return {
    ...peers,
    content,
    recordId: record.recordId,
    transport,
    addresses: ['ada', 'ben'].map((name) => ({ url: urlOf(name) })),
  };
}

describe('fetchRecord', () => {
  test('brings the content that the record describes, from several peers, each chunk once', async () => {
    const { cleo, recordId, content, transport, addresses } = await world();
    const seen: FetchProgress[] = [];
    const report = await fetchRecord(cleo, recordId, addresses, {
      transport,
      onProgress: (progress) => seen.push(progress),
    });
    expect(report).toMatchObject({ missing: 0, verdict: { verified: true, fault: null } });
    expect(report.peers.reduce((sum, { chunks }) => sum + chunks, 0)).toBe(127);
    expect(seen.at(-1)).toMatchObject({ chunks: 127, leafCount: 127 });
    expect(recordContent(cleo, recordId)).toEqual(content);
  });

  test('goes on where it broke off', async () => {
    const { ada, cleo, recordId, transport, addresses } = await world();
    let left = 1;
    const breaking: MeshHandler = (request, info) =>
      left-- > 0 ? handlerOf(ada)(request, info) : Promise.resolve(new Response(null, { status: 503 }));
    const flaky = network({ [urlOf('ada')]: breaking });
    const first = await fetchRecord(cleo, recordId, [addresses[0] as { url: string }], { transport: flaky });
    expect(first).toMatchObject({ missing: 63, verdict: null });
    expect(first.peers[0]?.error?.code).toBe('wire-refused');
    const second = await fetchRecord(cleo, recordId, addresses, { transport });
    expect(second.missing).toBe(0);
    expect(recordById(cleo, recordId)).toMatchObject({ verified: true, chunks: 127 });
  });

  test('takes nothing from a peer whose chunk is not the one that the record commits to', async () => {
    const { ada, ben, cleo, recordId, transport, addresses } = await world();
    ben.sql.run('UPDATE mesh_chunk SET bytes = zeroblob(length(bytes)) WHERE place < 5');
    const lying = network({ [urlOf('ben')]: handlerOf(ben), [urlOf('ada')]: handlerOf(ada) });
    const alone = await fetchRecord(cleo, recordId, [addresses[1] as { url: string }], { transport: lying });
    expect(alone.peers).toMatchObject([{ chunks: 0, error: { code: 'bad-answer' } }]);
    expect(recordById(cleo, recordId)?.chunks).toBe(0);
    await expect(fetchRecord(cleo, recordId, addresses, { transport })).resolves.toMatchObject({ missing: 0 });
  });

  test('says what nobody has', async () => {
    const { ben, cleo, recordId } = await world();
    ben.sql.run('DELETE FROM mesh_leaves');
    const transport = network({ [urlOf('ben')]: handlerOf(ben) });
    const report = await fetchRecord(cleo, recordId, [{ url: urlOf('ben') }], { transport });
    expect(report).toMatchObject({ verdict: null, peers: [{ chunks: 0, error: null }] });
    expect(report.missing).toBe(127);
  });
});
