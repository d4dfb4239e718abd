/** What people do with documents at the command line: ingest, compare, publish, prove. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { base64urlDecode, base64urlEncode } from '../../src/codec/base64url.js';
import { documentDigest } from '../../src/index.js';
import { arborist, type Outcome } from './command-line.js';
import type { Circumstances } from './memory-io.js';
import { bringIn, found, type Peer } from './peer.js';

const root = mkdtempSync(join(tmpdir(), 'arborist-records-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'peers-'));
});

const path = (name: string) => join(folder, name);
const text = Array.from({ length: 2_000 }, (_, line) => `${line}: the oak is sound\n`).join('');

/** Writes documents below the folder `docs` and gives the folder. */
function writeDocuments(documents: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(path('docs/deep'), { recursive: true });
  for (const [name, content] of Object.entries(documents)) writeFileSync(path(`docs/${name}`), content);
  return path('docs');
}

/** Runs `arborist …` on the database of a peer. */
function run(peer: Peer, args: readonly string[], circumstances: Circumstances = {}): Promise<Outcome> {
  return arborist(args, { ...circumstances, environment: { ARBORIST_DB: peer.file } });
}

async function ask(peer: Peer, args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(peer, [...args, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

type Entry = Readonly<Record<string, unknown>>;

describe('arborist ingest', () => {
  it('walks through folders in one order, and names documents by their place', async () => {
    const ada = await found(folder, 'ada');
    const docs = writeDocuments({ 'b.txt': 'b', 'a.txt': 'a', 'deep/z.txt': 'z', '.hidden': 'h', 'B.txt': 'B' });
    symlinkSync(docs, join(docs, 'deep/circle'));
    symlinkSync(join(docs, 'a.txt'), join(docs, 'link.txt'));
    const { records } = await ask(ada, ['ingest', docs, '--uri', 'https://example.org/d']);
    expect((records as Entry[]).map(({ uri }) => uri)).toEqual(
      ['B.txt', 'a.txt', 'b.txt', 'deep/z.txt', 'link.txt'].map((name) => `https://example.org/d/${name}`),
    );
  });

  it('gives a file that is named alone just the URI, and without one the path as written', async () => {
    const ada = await found(folder, 'ada');
    const docs = writeDocuments({ 'a.txt': 'a' });
    const alone = await ask(ada, ['ingest', join(docs, 'a.txt'), '--uri', 'urn:oak']);
    expect(alone.records).toMatchObject([{ uri: 'urn:oak' }]);
    const unnamed = await ask(ada, ['ingest', join(docs, 'a.txt')]);
    expect(unnamed.records).toMatchObject([{ uri: join(docs, 'a.txt') }]);
    const two = await ask(ada, ['ingest', join(docs, 'a.txt'), docs, '--uri', 'urn:oak']);
    expect(two.records).toMatchObject([{ uri: 'urn:oak/a.txt' }, { uri: 'urn:oak/a.txt' }]);
  });

  it('reports what cannot be read or is not text, and ingests the rest', async () => {
    const ada = await found(folder, 'ada');
    const docs = writeDocuments({ 'a.txt': 'a', 'image.png': Uint8Array.of(0x89, 0x50, 0xff), 'c.txt': 'c' });
    const { code, stdout, stderr } = await run(ada, ['ingest', docs, path('nowhere'), '--json']);
    expect(code).toBe(1);
    const { records, unread } = JSON.parse(stdout) as { records: Entry[]; unread: Entry[] };
    expect(records.map(({ file }) => file)).toEqual([join(docs, 'a.txt'), join(docs, 'c.txt')]);
    expect(unread).toEqual([
      { file: path('nowhere'), code: 'file-error', message: `${path('nowhere')}: no such file or folder` },
      { file: join(docs, 'image.png'), code: 'invalid-document', message: expect.any(String) },
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'files-unread', message: '2 files not ingested' });
    const people = await run(ada, ['ingest', docs]);
    expect(people.code).toBe(1);
    expect(people.stderr).toContain('image.png: the document is not UTF-8');
    expect(people.stderr).toMatch(/arborist: 1 file not ingested\n$/);
  });

  it.skipIf(process.getuid?.() === 0)('reports a file that it may not read', async () => {
    const ada = await found(folder, 'ada');
    const docs = writeDocuments({ 'a.txt': 'a' });
    chmodSync(join(docs, 'a.txt'), 0);
    expect((await run(ada, ['ingest', docs])).stderr).toContain('a.txt: permission denied');
  });

  it('signs nothing new for what it knows', async () => {
    const ada = await found(folder, 'ada');
    const docs = writeDocuments({ 'a.txt': 'a' });
    const first = await ask(ada, ['ingest', docs]);
    expect(await ask(ada, ['ingest', docs])).toEqual(first);
    expect(((await ask(ada, ['records'])).records as Entry[]).length).toBe(1);
  });

  it('keeps the documents themselves if asked to', async () => {
    const ada = await found(folder, 'ada');
    const docs = writeDocuments({ 'a.txt': text });
    await ask(ada, ['ingest', docs, '--store', 'chunks', '--chunker', 'fixed/1:size=10000']);
    expect((await ask(ada, ['records'])).records).toMatchObject([{ chunks: 5, leafCount: 5, verified: true }]);
  });

  it('shows how far it is at a terminal, and leaves nothing of that behind', async () => {
    const ada = await found(folder, 'ada');
    const docs = writeDocuments({ 'a.txt': text });
    const { stderr } = await run(ada, ['ingest', docs], { terminal: true });
    expect(stderr).toMatch(/100 % · \d+ MB\/s/);
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
    expect((await run(ada, ['ingest', docs])).stderr).toBe('');
  });

  it.each([
    'fixed/1',
    'fixed/1:size=0',
    'fixed/1:size=1,size=1',
    'fixed/1:size=10,max=3',
    'fixed/2:size=10',
    'fastcdc/1:min=1',
    'fixed/1:size=1e3',
    'paragraph/1:min=,max=',
    '__proto__:size=1',
  ])('takes %j for wrong usage', async (chunker) => {
    const { code, stderr } = await arborist(['root', 'file', '--chunker', chunker]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^arborist: [^\n]*--chunker[^\n]*\n$/);
  });
});

describe('arborist root', () => {
  it('prints what the library computes, without a database', async () => {
    const docs = writeDocuments({ 'a.txt': text, 'b.txt': text.replaceAll('\n', '\r\n') });
    const { documentRoot, leafCount } = documentDigest(new TextEncoder().encode(text));
    const { stdout, code } = await arborist(['root', docs]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      ['a.txt', 'b.txt']
        .map((name) => `${base64urlEncode(documentRoot)}  ${leafCount}  ${join(docs, name)}\n`)
        .join(''),
    );
    const fixed = await arborist(['root', docs, '--chunker', 'fixed/1:size=100', '--json']);
    expect((JSON.parse(fixed.stdout) as { documents: Entry[] }).documents[0]).toMatchObject({
      leafCount: Math.ceil(text.length / 100),
    });
  });
});

describe('Records', () => {
  it('go from one database to another, and disagreement shows', async () => {
    const ada = await found(folder, 'ada');
    const ben = await bringIn(folder, ada, 'ben');
    const docs = writeDocuments({ 'a.txt': text });
    await ask(ada, ['ingest', docs, '--uri', 'urn:d']);
    writeFileSync(join(docs, 'a.txt'), `${text}!`);
    await ask(ben, ['ingest', docs, '--uri', 'urn:d']);
    const { records } = await ask(ada, ['records']);
    const [{ recordId }] = records as [Entry];
    const message = (await ada.tell(['publish', '--', String(recordId).slice(0, 10)])).trim();
    expect((await ben.run(['open', message])).stderr).toContain('A record by ada of urn:d/a.txt; kept.');
    expect(await ben.ask(['open', message])).toMatchObject({ record: recordId, duplicate: true });
    expect((await ben.run(['open', message], { terminal: true })).stdout).toContain('urn:d/a.txt');
    expect(await ask(ben, ['records', '--uri', 'urn:d/a.txt'])).toMatchObject({
      records: [{ author: 'ben' }, { author: 'ada', published: true, verified: null }],
      disputed: ['urn:d/a.txt'],
    });
    const { stdout } = await run(ben, ['records']);
    expect(stdout).toContain('Records of urn:d/a.txt contradict each other.');
    expect(await ada.ask(['publish'])).toEqual({ messages: [] });
    expect(await ada.refuse(['publish', 'AAAAAAAA'])).toContain('no record here');
  });
});

describe('arborist mesh receive', () => {
  it('takes in all that was published, once, and says what it refuses', async () => {
    const ada = await found(folder, 'ada');
    const ben = await bringIn(folder, ada, 'ben');
    const docs = writeDocuments({ 'a.txt': 'a', 'b.txt': 'b' });
    await ask(ada, ['ingest', docs, '--uri', 'urn:d']);
    const published = await ada.tell(['publish']);
    const spoken = await ada.tell(['seal'], { stdin: 'hello' });
    const first = await ben.tell(['receive'], { stdin: published + spoken });
    expect(first).toMatch(/ada .* urn:d\/a\.txt\n[\s\S]* urn:d\/b\.txt\n3 messages, 2 records among them\n$/);
    expect(await ben.tell(['receive', '-'], { stdin: published })).toBe('2 messages, 2 records among them\n');
    const { results } = await ben.ask(['receive'], { stdin: published });
    expect(results).toMatchObject([
      { sender: 'ada', duplicate: true, record: { author: 'ada', uri: 'urn:d/a.txt', leafCount: 1 }, error: null },
      { record: { uri: 'urn:d/b.txt' } },
    ]);
    const foreign = await found(mkdtempSync(join(root, 'other-')), 'eve');
    const { code, stdout, stderr } = await ben.run(['receive'], { stdin: (await foreign.tell(['seal'])) + spoken });
    expect(stdout).toContain('not one of this group');
    expect(stderr).toBe('arborist: 1 message refused\n');
    expect(code).toBe(1);
  });
});

describe('arborist prove and arborist check', () => {
  const size = 'fixed/1:size=1000';

  it('prove a chunk to who has the record, or the root and the number of chunks', async () => {
    const ada = await found(folder, 'ada');
    const file = join(writeDocuments({ 'a.txt': text }), 'a.txt');
    await ask(ada, ['ingest', file, '--uri', 'urn:a', '--chunker', size]);
    const { stdout: proof } = await run(ada, ['prove', file, '--chunk', '3', '--chunker', size]);
    const checked = await ask(ada, ['check', proof.trim()]);
    expect(checked).toMatchObject({ index: 3, vouchers: [{ author: 'ada', uri: 'urn:a' }] });
    expect(base64urlDecode(String(checked.chunk))).toEqual(new Uint8Array(readFileSync(file).subarray(3_000, 4_000)));
    const known = ['--root', String(checked.documentRoot), '--leaves', String(checked.leafCount)];
    const elsewhere = await arborist(['check', proof.trim(), ...known]);
    expect(elsewhere.stdout).toContain(`chunk 3 of ${checked.leafCount}, 1000 bytes`);
    expect(elsewhere.code).toBe(0);
  });

  it('refuse a forged chunk, another document, and one that nobody vouches for', async () => {
    const ada = await found(folder, 'ada');
    const file = join(writeDocuments({ 'a.txt': text }), 'a.txt');
    const proofFile = path('proof');
    await run(ada, ['prove', file, '--chunk', '0', '--chunker', size, '--out', proofFile]);
    expect((await run(ada, ['check', proofFile])).stderr).toContain('no record here vouches');
    await ask(ada, ['ingest', file, '--chunker', size]);
    expect((await run(ada, ['check', proofFile])).code).toBe(0);
    const forged = new Uint8Array(readFileSync(proofFile));
    forged[100] = (forged[100] as number) ^ 1;
    writeFileSync(proofFile, forged);
    const { code, stderr } = await run(ada, ['check', proofFile, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'authentication-failed' });
    const half = await arborist(['check', proofFile, '--leaves', '3']);
    expect(half.code).toBe(2);
    const beyond = await arborist(['prove', file, '--chunk', '99', '--chunker', size]);
    expect(beyond.stderr).toContain('has 45 chunks, counted from 0');
  });
});

describe('--json', () => {
  it('gives the fields that the help lists, in that order', async () => {
    const ada = await found(folder, 'ada');
    const file = join(writeDocuments({ 'a.txt': text }), 'a.txt');
    const documents: Record<string, Record<string, unknown>> = {};
    documents.ingest = await ask(ada, ['ingest', file]);
    documents.records = await ask(ada, ['records']);
    documents.root = await ask(ada, ['root', file]);
    documents.prove = await ask(ada, ['prove', file, '--chunk', '0']);
    documents.check = await ask(ada, ['check', String(documents.prove.proof)]);
    for (const [command, document] of Object.entries(documents)) {
      const { stdout } = await arborist([command, '--help']);
      const section = stdout.slice(stdout.indexOf('With --json:'));
      const listed = [...section.matchAll(/^ {2}([a-zA-Z]+) {2}/gm)].map((match) => match[1]);
      expect(Object.keys(document), command).toEqual(listed);
    }
  });
});
