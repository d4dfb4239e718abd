/** Every command answers a program with one JSON document, whose fields its help lists; none answers with a secret. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64urlDecode, base64urlEncode } from '../../src/codec/base64url.js';
import { createInvite, ingest, openDatabase, publishRecord } from '../../src/index.js';
import { type JoinProgress, joinGroup, serveMesh } from '../../src/wire/index.js';
import { arborist, type Outcome } from './command-line.js';
import { Peer } from './peer.js';

const folder = mkdtempSync(join(tmpdir(), 'arborist-json-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ada = new Peer(folder, 'ada');
const ben = new Peer(folder, 'ben');
const documents = new Map<string, Record<string, unknown>>();
/** All secrets that the two databases held; that of an invite goes when it is used. */
const secrets: { readonly name: string; readonly secret: Uint8Array }[] = [];

/** Runs a command for a program, and again for people at a terminal: what can be done only once fails then. */
async function both(
  peer: Peer,
  args: readonly string[],
  stdin = '',
  interruption = () => new AbortController().signal,
): Promise<Record<string, unknown>> {
  const document = await peer.ask(args, { stdin, interruption: interruption() });
  documents.set(args[0] ?? '', document);
  await peer.run(args, { stdin, terminal: true, interruption: interruption() });
  return document;
}

beforeAll(async () => {
  await both(ada, ['init', '--group', 'orchard', '--member-id', 'ada']);
  await both(ada, ['disable']);
  await both(ada, ['enable']);
  const { invite } = await both(ada, ['invite']);
  secrets.push(...(await secretsOf(ada)));
  const { request } = await both(ben, ['join', String(invite), '--member-id', 'ben']);
  const { welcome } = await both(ada, ['add', String(request), '--out', join(folder, 'welcome')]);
  await both(ben, ['accept', String(welcome)]);
  await both(ben, ['enable']);
  const { bundle } = await both(ada, ['rotate']);
  await both(ben, ['apply', String(bundle)]);
  const { message } = await both(ben, ['seal'], 'payload');
  await both(ada, ['open', String(message)]);
  await both(ada, ['publish']);
  await both(ada, ['receive', String(message)]);
  await overNetwork();
  await both(ada, ['kick', 'ben']);
  for (const command of ['status', 'whoami', 'roster', 'history', 'verify', 'events']) await both(ada, [command]);
  for (const command of ['replay', 'conflicts', 'faults']) await both(ada, [command]);
  await both(ada, ['explain', String(bundle)]);
  const { proof } = await both(ada, ['prove', 'ben', '--epoch', '1']);
  await both(ada, ['check', String(proof)]);
  await both(ada, ['backup', join(folder, 'backup.db')]);
  await both(ada, ['recover']);
  await both(ada, ['prune', '--messages', '0']);
  secrets.push(...(await secretsOf(ada)), ...(await secretsOf(ben)));
  // Of a backup, since it takes the secrets out of this search's sight.
  documents.set('passphrase', await sealed(new Peer(folder, 'backup')));
});

/** What needs another peer at the other end: a server of ada's, and somebody who wants to join. */
async function overNetwork(): Promise<void> {
  const db = await openDatabase({ file: ada.file });
  const server = await serveMesh(db);
  const { recordId } = await ingest(db, new Uint8Array(100), {
    uri: 'urn:oak',
    canonicalization: 'bytes/1',
    store: 'chunks',
  });
  publishRecord(db, recordId);
  const pin = base64urlEncode(server.certPin ?? new Uint8Array(32));
  await both(ben, ['sync', server.url, '--pin', pin]);
  await both(ben, ['peers', 'add', server.url, '--pin', pin]);
  await both(ben, ['fetch', base64urlEncode(recordId)]);
  const { invite } = createInvite(db, {
    urls: [server.url],
    certPins: server.certPin === null ? [] : [server.certPin],
  });
  const fingerprint = await askToJoin(invite);
  const another = await askToJoin(invite);
  await server.close();
  db.close();
  await both(ada, ['requests']);
  await both(ada, ['decline', another]);
  await both(ada, ['approve', fingerprint]);
  for (const command of ['watch', 'serve']) await both(ada, [command], '', () => AbortSignal.timeout(500));
}

/** A newcomer hands in a request, and goes away. Gives its fingerprint. */
async function askToJoin(invite: string): Promise<string> {
  const controller = new AbortController();
  let seen = '';
  const onProgress = ({ state, fingerprint }: JoinProgress) => {
    seen = fingerprint;
    if (state === 'waiting') controller.abort();
  };
  await joinGroup(await openDatabase(), invite, { signal: controller.signal, onProgress }).catch(() => undefined);
  return seen;
}

describe('every command with --json', () => {
  it('has been tried', async () => {
    const { stdout } = await arborist(['mesh', '--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<| )/gm)].map((match) => match[1]);
    expect([...documents.keys(), 'help'].sort()).toEqual(listed.sort());
  });

  it('has the fields that its help lists, in that order', async () => {
    for (const [command, document] of documents) {
      const { stdout } = await arborist(['mesh', command, '--help']);
      const section = stdout.slice(stdout.indexOf('With --json:'));
      const listed = [...section.matchAll(/^ {2}([a-zA-Z]+) {2}/gm)].map((match) => match[1]);
      expect(Object.keys(document), command).toEqual(listed);
    }
  });

  it('gives bytes as base64url text, beside the raw bytes in a file', async () => {
    const file = join(folder, 'rotate');
    const { eventId, bundle } = await ada.ask(['rotate', '--out', file]);
    expect(base64urlDecode(String(eventId))).toHaveLength(32);
    expect(base64urlDecode(String(bundle))).toEqual(new Uint8Array(readFileSync(file)));
  });
});

describe('no command', () => {
  it('prints a private key, an epoch secret, or the secret of an invite anywhere but in the invite', () => {
    expect(new Set(secrets.map(({ name }) => name)).size).toBe(4);
    const outcomes = [...ada.outcomes, ...ben.outcomes];
    const files = readdirSync(folder).filter((name) => !/\.db(\.bak)?$/.test(name));
    expect(files).toEqual(['rotate', 'welcome']);
    for (const { name, secret } of secrets) {
      for (const { command, outcome } of outcomes) {
        if (name === 'invite' && command === 'invite') continue;
        expect(reveals(outcome, secret), `${name} in the output of ${command}`).toBe(false);
      }
      for (const file of files) expect(includes(readFileSync(join(folder, file)), secret)).toBe(false);
    }
  });

  it('can hide a secret from this search: the invite shows its own', () => {
    const invites = secrets.filter(({ name }) => name === 'invite');
    const printed = ada.outcomes.filter(({ command }) => command === 'invite');
    expect(printed).toHaveLength(2);
    for (const { outcome } of printed) {
      expect(invites.some(({ secret }) => reveals(outcome, secret))).toBe(true);
    }
  });
});

function sealed(peer: Peer): Promise<Record<string, unknown>> {
  return peer.ask(['passphrase', 'set'], { answers: ['an oak', 'an oak'] });
}

async function secretsOf({ file }: Peer): Promise<{ name: string; secret: Uint8Array }[]> {
  const db = await openDatabase({ file, readonly: true });
  try {
    const column = (name: string, query: string) =>
      db.sql.all(query).map((row) => ({ name, secret: Object.values(row)[0] as Uint8Array }));
    return [
      ...column('signing key', 'SELECT sign_priv FROM mesh_identity'),
      ...column('DH key', 'SELECT dh_priv FROM mesh_identity'),
      ...column('epoch secret', 'SELECT secret FROM mesh_secret'),
      ...column('invite', 'SELECT secret FROM mesh_invite WHERE secret IS NOT NULL'),
    ];
  } finally {
    db.close();
  }
}

/** Whether the output holds the secret: raw, as hex, as base64url text, or inside of what is base64url text. */
function reveals({ stdout, stderr, bytes }: Outcome, secret: Uint8Array): boolean {
  const text = stdout + stderr;
  const hex = [...secret].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (includes(bytes, secret) || text.includes(hex) || text.includes(base64urlEncode(secret))) return true;
  return [...text.matchAll(/[\w-]{40,}/g)].some(([word]) => {
    try {
      return includes(base64urlDecode(word), secret);
    } catch {
      return false;
    }
  });
}

function includes(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let start = bytes.indexOf(part[0] ?? 0); start !== -1; start = bytes.indexOf(part[0] ?? 0, start + 1)) {
    if (part.every((byte, i) => bytes[start + i] === byte)) return true;
  }
  return false;
}
