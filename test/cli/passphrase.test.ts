/** A database with a passphrase at the command line: where the passphrase comes from, and which commands want it. */
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/index.js';
import { PASSPHRASE, protect } from '../store/passphrases.js';
import { temporaryFolder } from '../store/temporary-folder.js';
import { found, Peer } from './peer.js';

// What the command line does is the same at the least cost that there is.
vi.mock('../../src/store/secrets/passphrase.js', async (original) => ({
  ...(await original<object>()),
  PASSPHRASE_COST: { memory: 8, passes: 1, lanes: 1 },
}));

/** A founder whose database has {@link PASSPHRASE}, at little cost. */
async function foundProtected(): Promise<{ folder: string; ada: Peer }> {
  const folder = temporaryFolder();
  const ada = await found(folder, 'ada');
  const db = await openDatabase({ file: ada.file });
  await protect(db, PASSPHRASE);
  db.close();
  return { folder, ada };
}

function passphraseFile(folder: string, content: string | Uint8Array = `${PASSPHRASE}\n`, mode = 0o600): string {
  const file = join(folder, 'passphrase');
  fs.writeFileSync(file, content);
  fs.chmodSync(file, mode);
  return file;
}

const inFile = (file: string) => ({ environment: { ARBORIST_PASSPHRASE_FILE: file } });

async function stateOf({ file }: Peer): Promise<string> {
  const db = await openDatabase({ file, readonly: true, locked: true });
  const { state } = db.secrets;
  db.close();
  return state;
}

describe('A command that needs secrets', () => {
  it('asks for the passphrase at the terminal, and shows it nowhere', async () => {
    const { ada } = await foundProtected();
    const { code, stdout, stderr } = await ada.run(['seal'], { stdin: 'the oak is sound', answers: [PASSPHRASE] });
    expect(code, stderr).toBe(0);
    expect(stdout).not.toBe('');
    expect(stdout + stderr).not.toContain('oak');
  });

  it('lets a person mistype twice', async () => {
    const { ada } = await foundProtected();
    await ada.tell(['rotate'], { answers: ['an oak', '', PASSPHRASE] });
    expect(await ada.refuse(['rotate'], { answers: ['an oak', 'an ash', 'a thorn'] })).toMatch(
      /^the passphrase does not open .*\(what is forgotten is gone/,
    );
  });

  it('without a terminal says how to give it', async () => {
    const { ada } = await foundProtected();
    expect(await ada.refuse(['rotate'])).toMatch(/^a passphrase is needed, .*ARBORIST_PASSPHRASE_FILE\)$/);
  });

  it.each(['', '\n', '\r\n'])('reads it from a file that ends in %j', async (end) => {
    const { folder, ada } = await foundProtected();
    const environment = inFile(passphraseFile(folder, PASSPHRASE + end));
    await ada.tell(['rotate'], environment);
    expect(await ada.ask(['verify'], environment)).toMatchObject({ ok: true, secrets: 2, lockedSecrets: 0 });
  });

  it('refuses a file that others can read, that is missing, or that holds no text', async () => {
    const { folder, ada } = await foundProtected();
    for (const mode of [0o644, 0o640, 0o604, 0o620]) {
      const complaint = await ada.refuse(['rotate'], inFile(passphraseFile(folder, PASSPHRASE, mode)));
      expect(complaint).toMatch(/passphrase: a passphrase that others can read protects nothing \(mode 06\d\d\)/);
      expect(complaint).toMatch(/chmod 600 FILE\)$/);
    }
    await ada.tell(['rotate'], inFile(passphraseFile(folder, PASSPHRASE, 0o400)));
    expect(await ada.refuse(['rotate'], inFile(join(folder, 'none')))).toMatch(/none: no such file or folder$/);
    fs.chmodSync(join(folder, 'passphrase'), 0o600);
    const noText = passphraseFile(folder, new Uint8Array([0xff, 0xfe]));
    expect(await ada.refuse(['rotate'], inFile(noText))).toMatch(/a passphrase must be UTF-8 text$/);
    expect(await ada.refuse(['rotate'], inFile(passphraseFile(folder, 'x'.repeat(5000))))).toMatch(
      /^passphrase must be/,
    );
  });

  it('refuses a passphrase for a database that has none', async () => {
    const folder = temporaryFolder();
    const ada = await found(folder, 'ada');
    expect(await ada.refuse(['rotate'], inFile(passphraseFile(folder)))).toMatch(
      /has no passphrase.*unset ARBORIST_PASSPHRASE_FILE, or set one with: arborist mesh passphrase set\)$/,
    );
  });
});

describe('A command that needs no secrets', () => {
  it('does not ask', async () => {
    const { folder, ada } = await foundProtected();
    for (const command of ['status', 'whoami', 'roster', 'history', 'verify', 'events', 'disable', 'enable']) {
      await ada.tell([command]);
    }
    await ada.tell(['prune', '--messages', '0', '--yes']);
    expect(await ada.tell(['verify'])).toMatch(
      /^Verified +everything but the secrets\n[\s\S]*\nSecrets +1 not verified/,
    );
    await ada.tell(['backup', join(folder, 'backup.db')]);
    await ada.tell(['recover']);
    const copy = new Peer(folder, 'backup');
    expect(await stateOf(copy)).toBe('locked');
    expect(await copy.ask(['status'])).toMatchObject({ passphrase: true, memberId: 'ada' });
    await copy.tell(['rotate'], { answers: [PASSPHRASE] });
  });
});

describe('arborist mesh init and join', () => {
  it('ask twice for the passphrase of a new database', async () => {
    const folder = temporaryFolder();
    const ada = new Peer(folder, 'ada');
    const init = ['init', '--group', 'orchard', '--passphrase'];
    expect(await ada.refuse(init, { answers: ['one', 'two'] })).toBe('the two were not the same');
    expect(await ada.refuse(init, { answers: [''] })).toBe('an empty passphrase protects nothing');
    expect(fs.existsSync(ada.file)).toBe(false);
    await ada.tell(init, { answers: ['one', 'one'] });
    expect(await stateOf(ada)).toBe('locked');
    await ada.tell(['enable']);

    const invite = await ada.tell(['invite'], { answers: ['one'] });
    const ben = new Peer(folder, 'ben');
    const environment = inFile(passphraseFile(folder));
    await ben.tell(['join', '-'], { stdin: invite, ...environment });
    expect(await stateOf(ben)).toBe('locked');
    // The flag cannot make a promise about a database that exists.
    const cleo = await found(folder, 'cleo');
    expect(await cleo.refuse(init, { answers: [] })).toMatch(/exists, without a passphrase \(set one with: /);
  });
});

describe('arborist mesh passphrase', () => {
  it('sets, changes and removes it', async () => {
    const folder = temporaryFolder();
    const ada = await found(folder, 'ada');
    expect(await ada.refuse(['passphrase', 'change'], { answers: [] })).toMatch(/^this database has no passphrase \(/);
    expect(await ada.refuse(['passphrase', 'remove'], { answers: [] })).toMatch(/^this database has no passphrase \(/);
    const before = await ada.ask(['verify']);

    expect(await ada.ask(['passphrase', 'set'], { answers: ['one', 'one'] })).toEqual({ passphrase: true });
    expect(await stateOf(ada)).toBe('locked');
    expect(await ada.refuse(['passphrase', 'set'], { answers: [] })).toMatch(/has a passphrase already/);

    const file = passphraseFile(folder);
    await ada.tell(['passphrase', 'change', '--new-file', file], { answers: ['one'] });
    await ada.tell(['rotate'], inFile(file));
    expect(await ada.refuse(['rotate'], { answers: ['one', 'one', 'one'] })).toMatch(/^the passphrase does not open/);

    expect(await ada.ask(['passphrase', 'remove'], inFile(file))).toEqual({ passphrase: false });
    expect(await stateOf(ada)).toBe('plain');
    expect(await ada.ask(['verify'])).toMatchObject({ ok: true, secrets: Number(before.secrets) + 1 });
  });

  it('finds the first one in the file that the variable names', async () => {
    const folder = temporaryFolder();
    const ada = await found(folder, 'ada');
    const environment = inFile(passphraseFile(folder));
    await ada.tell(['passphrase', 'set'], environment);
    await ada.tell(['rotate'], environment);
  });

  it.each([[['passphrase']], [['passphrase', 'forget']], [['passphrase', 'remove', '--new-file', 'x']]])(
    '%j is wrong usage',
    async (args) => {
      const { ada } = await foundProtected();
      expect((await ada.run(args, { answers: [PASSPHRASE] })).code).toBe(2);
    },
  );
});
