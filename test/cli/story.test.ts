/** What people do with `arborist mesh`, from founding a group to a kick, by files and by pasted text. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { bringIn, found, Peer } from './peer.js';

const root = mkdtempSync(join(tmpdir(), 'arborist-story-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'peers-'));
});

const path = (name: string) => join(folder, name);

describe('joining', () => {
  it('works by files, as text and as raw bytes', async () => {
    const ada = await found(folder, 'ada');
    const ben = new Peer(folder, 'ben');
    writeFileSync(path('invite.txt'), await ada.tell(['invite', '--expires', '2h']));
    await ben.tell(['join', path('invite.txt'), '--member-id', 'ben', '--out', path('request.bin')]);
    await ada.tell(['add', path('request.bin'), '--out', path('welcome.bin')]);
    await ben.tell(['accept', path('welcome.bin')]);
    expect(statSync(path('welcome.bin')).mode & 0o777).toBe(0o600);
    expect(await ben.ask(['roster'])).toMatchObject({
      epoch: 1,
      members: expect.arrayContaining([
        expect.objectContaining({ memberId: 'ada', role: 'admin', sinceEpoch: 0 }),
        expect.objectContaining({ memberId: 'ben', role: 'member', sinceEpoch: 1 }),
      ]),
    });
  });

  it('works by pasting text', async () => {
    const ada = await found(folder, 'ada');
    const ben = new Peer(folder, 'ben');
    const invite = (await ada.tell(['invite'])).trim();
    const request = (await ben.tell(['join', invite])).trim();
    const welcome = (await ada.tell(['add', request, '--role', 'admin'])).trim();
    expect(await ben.tell(['accept', welcome])).toMatch(/^Joined orchard \([\w-]{10}\) in epoch 1\.\n$/);
    expect(await ben.ask(['status'])).toMatchObject({ enabled: false, role: 'admin', epoch: 1 });
  });

  it('shows both sides the same fingerprint', async () => {
    const ada = await found(folder, 'ada');
    const ben = new Peer(folder, 'ben');
    const { invite } = await ada.ask(['invite']);
    const { request, fingerprint, memberId } = await ben.ask(['join', String(invite), '--member-id', 'ben']);
    expect(memberId).toBe('ben');
    expect(fingerprint).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const added = await ada.run(['add', String(request)]);
    expect(added.stderr).toContain(`Added ben as member; epoch 1. The fingerprint of the request is ${fingerprint}.`);
  });

  it('uses up an invite', async () => {
    const ada = await found(folder, 'ada');
    const invite = await ada.tell(['invite']);
    const requests: string[] = [];
    for (const name of ['ben', 'eve']) {
      requests.push((await new Peer(folder, name).tell(['join', '-', '--member-id', name], { stdin: invite })).trim());
    }
    await ada.tell(['add', requests[0] ?? '']);
    expect(await ada.refuse(['add', requests[1] ?? ''])).toContain('invite');
    expect(await ada.ask(['status'])).toMatchObject({ epoch: 1 });
  });

  it('leaves no output file behind when the request is refused', async () => {
    const ada = await found(folder, 'ada');
    expect(await ada.refuse(['add', await seal(ada), '--out', path('welcome.bin')])).toContain('join-request');
    expect(existsSync(path('welcome.bin'))).toBe(false);
  });
});

async function seal(peer: Peer, text = 'hello'): Promise<string> {
  return (await peer.tell(['seal'], { stdin: text })).trim();
}

describe('a peer that waits for its welcome', () => {
  it('is told so, and what it cannot do yet', async () => {
    const ada = await found(folder, 'ada');
    const ben = new Peer(folder, 'ben');
    await ben.tell(['join', '-', '--member-id', 'ben'], { stdin: await ada.tell(['invite']) });
    expect(await ben.tell(['status'])).toContain('ben; waiting for the welcome');
    expect(await ben.ask(['status'])).toMatchObject({ state: 'pending', memberId: 'ben', groupId: null, epoch: null });
    expect(await ben.ask(['whoami'])).toMatchObject({ memberId: 'ben', groupName: '' });
    await ben.tell(['enable']);
    for (const command of ['roster', 'history', 'verify', 'events', 'rotate']) {
      expect(await ben.refuse([command])).toMatch(/^this database belongs to no group yet \(/);
    }
  });
});

describe('messages', () => {
  it('carry any bytes from a file to a file', async () => {
    const ada = await found(folder, 'ada');
    const ben = await bringIn(folder, ada, 'ben');
    const payload = Uint8Array.from({ length: 1_000 }, (_, i) => (i * 7) & 0xff);
    writeFileSync(path('payload'), payload);
    await ada.tell(['seal', path('payload'), '--out', path('sealed')]);
    expect(await ben.tell(['open', path('sealed'), '--out', path('opened')])).toBe('');
    expect(new Uint8Array(readFileSync(path('opened')))).toEqual(payload);
  });

  it('tell who sealed them, on standard error and as JSON', async () => {
    const ada = await found(folder, 'ada');
    const ben = await bringIn(folder, ada, 'ben');
    const message = await seal(ben);
    const opened = await ada.run(['open', message]);
    expect(opened).toMatchObject({ code: 0, stdout: 'hello', stderr: 'Sealed by ben in epoch 1.\n' });
    expect(await ada.ask(['open', message])).toMatchObject({
      sender: 'ben',
      epoch: 1,
      seq: 0,
      duplicate: true,
      payload: 'aGVsbG8',
    });
  });

  it('cannot steer the terminal they are shown on', async () => {
    const ada = await found(folder, 'ada');
    const message = await seal(ada, 'a\tb\r\n\u001b]0;owned\u0007');
    const { stdout } = await ada.run(['open', message], { terminal: true });
    expect(stdout).toBe('a\tb\n\\u{1b}]0;owned\\u{7}\n');
  });

  it('are refused when they were tampered with', async () => {
    const ada = await found(folder, 'ada');
    const message = await seal(ada);
    const other = message.at(-2) === 'A' ? 'Q' : 'A';
    await ada.refuse(['open', message.slice(0, -2) + other + message.slice(-1)]);
  });
});

describe('changes of the roster', () => {
  it('are followed by the other members, from a bundle or from all events', async () => {
    const ada = await found(folder, 'ada');
    const [ben, cleo] = [await bringIn(folder, ada, 'ben'), await bringIn(folder, ada, 'cleo')];
    const { head } = await ben.ask(['status']);
    const news = await ada.tell(['events', '--since', String(head)]);
    expect(news.trim().split('\n')).toHaveLength(1);
    expect(await ben.tell(['apply'], { stdin: news })).toContain('1 applied; epoch 2\n');
    const rotate = await ada.tell(['rotate']);
    expect(await cleo.tell(['apply', '-'], { stdin: rotate })).toContain('1 applied; epoch 3\n');
    expect(await ben.ask(['apply'], { stdin: await ada.tell(['events']) })).toMatchObject({
      epoch: 3,
      reorganized: [],
    });
    expect(await ben.tell(['open', await seal(cleo)])).toBe('hello');
  });

  it('wait for what comes before them', async () => {
    const ada = await found(folder, 'ada');
    const ben = await bringIn(folder, ada, 'ben');
    const [first, second] = [await ada.tell(['rotate']), await ada.tell(['rotate'])];
    expect(await ben.tell(['apply'], { stdin: second })).toContain('1 orphaned; epoch 1\n');
    expect(await ben.tell(['apply'], { stdin: first })).toContain('2 applied; epoch 3\n');
  });

  it('shut a kicked member out, and keep what it signed', async () => {
    const ada = await found(folder, 'ada');
    const [ben, eve] = [await bringIn(folder, ada, 'ben'), await bringIn(folder, ada, 'eve')];
    await ben.tell(['apply'], { stdin: await ada.tell(['events']) });
    const early = await seal(eve, 'before');
    expect(await ada.tell(['open', early])).toBe('before');
    const kick = await ada.tell(['kick', 'eve']);
    for (const peer of [ben, eve]) await peer.tell(['apply'], { stdin: kick });
    const secret = await seal(ada, 'after');
    expect(await ben.tell(['open', secret])).toBe('after');
    await eve.refuse(['open', secret]);
    await eve.refuse(['seal'], { stdin: 'still here' });
    expect(await ada.tell(['open', early])).toBe('before');
    expect(await eve.ask(['status'])).toMatchObject({ role: null });
    expect((await ada.ask(['roster', '--epoch', '2'])).members).toHaveLength(3);
    expect((await ada.ask(['roster'])).members).toHaveLength(2);
  });

  it('are for admins', async () => {
    const ada = await found(folder, 'ada');
    const ben = await bringIn(folder, ada, 'ben');
    for (const args of [['invite'], ['kick', 'ada'], ['rotate']]) expect(await ben.refuse(args)).toContain('admin');
  });

  it('of another group are refused, the exit code says so, and good ones beside them count', async () => {
    const ada = await found(folder, 'ada');
    const ben = await bringIn(folder, ada, 'ben');
    const stranger = await found(folder, 'stranger');
    const [good, foreign] = [await ada.tell(['rotate']), await stranger.tell(['rotate'])];
    const { code, stdout, stderr } = await ben.run(['apply'], { stdin: good + foreign });
    expect(stdout).toMatch(
      /^EVENT {7}OUTCOME\n[\w-]{10} {2}applied\n[\w-]{10} {2}refused {2}.*\n1 applied, 1 refused; epoch 2\n$/,
    );
    expect(stderr).toBe('arborist: 1 event refused\n');
    expect(code).toBe(1);
  });
});

describe('the switch', () => {
  it('is off at first, and what needs it says how to turn it on', async () => {
    const ada = new Peer(folder, 'ada');
    await ada.tell(['init', '--group', 'orchard']);
    const complaint = 'the mesh is switched off in this database (switch it on with: arborist mesh enable)';
    for (const args of [['invite'], ['rotate'], ['events'], ['seal']]) expect(await ada.refuse(args)).toBe(complaint);
    expect((await ada.run(['rotate', '--json'])).stderr).toBe(
      '{"code":"mesh-disabled","message":"the mesh is switched off in this database","hint":"switch it on with: arborist mesh enable"}\n',
    );
    expect(await ada.tell(['enable'])).toBe('The mesh is on.\n');
    await ada.tell(['rotate']);
    expect(await ada.ask(['disable'])).toEqual({ enabled: false });
    expect(await ada.refuse(['rotate'])).toBe(complaint);
  });
});

describe('values that the library refuses', () => {
  it.each([
    [['init', '--group', ''], '--group must be 1 to 128 bytes of UTF-8, got 0'],
    [['init', '--group', 'x', '--member-id', 'a\tb'], 'the member id must not contain control characters'],
    [['kick', ''], 'the member id must be 1 to 64 bytes of UTF-8, got 0'],
    [['invite', '--expires', '1000w'], '--expires must be a whole number of seconds from 1 to 31622400'],
  ])('%j is wrong usage', async (args, message) => {
    const peer = args[0] === 'init' ? new Peer(folder, 'new') : await found(folder, 'ada');
    const { code, stdout, stderr } = await peer.run(args);
    expect(stderr).toBe(`arborist: ${message} (see: arborist mesh ${args[0]} --help)\n`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('the history', () => {
  it('is listed and verified from genesis on', async () => {
    const ada = await found(folder, 'ada');
    await bringIn(folder, ada, 'ben');
    await ada.tell(['kick', 'ben']);
    const lines = (await ada.tell(['history'])).split('\n');
    expect(lines[1]).toMatch(/^0 .*ada/);
    expect(lines[2]).toMatch(/^1 .*ben/);
    expect(lines[3]).toMatch(/^2 .*ben/);
    expect(await ada.tell(['verify'])).toMatch(/^Verified {4}everything\n/);
    expect(await ada.ask(['verify'])).toMatchObject({ ok: true, epochs: 3 });
  });
});
