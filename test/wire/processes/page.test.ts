/**
 * A web page in Chromium as the client of a server in a process of its own, over loopback. A page cannot pin a certificate,
 * so that the self-signed one of a server is of no use to it: what follows is plain HTTP, where whoever stands between may
 * change what passes. Only with `--mode long`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Chromium } from '../../browser/support/chromium.js';
import { type Meddler, startMeddler } from './meddler.js';
import { bundlePage, PagePeer, type PeerSite, startPeerSite } from './page-peer.js';
import { PeerProcess } from './peer-process.js';

interface Served {
  readonly url: string;
  readonly certPin: string | null;
}

interface Status {
  readonly messages: number;
}

interface Stats {
  readonly served: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
}

/** Waits until something holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}

describe('A web page', () => {
  let folder: string;
  let ada: PeerProcess;
  let mallory: PeerProcess;
  let browser: Chromium;
  let site: PeerSite;
  let elsewhere: PeerSite;
  let page: PagePeer;
  let meddler: Meddler;
  let url: string;
  let urlOfMallory: string;

  const messages = async () => (await page.call<Status>('status')).messages;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'arborist-page-'));
    ada = new PeerProcess();
    mallory = new PeerProcess();
    const script = await bundlePage();
    site = await startPeerSite(script);
    elsewhere = await startPeerSite(script);
    browser = new Chromium(join(folder, 'profile'));
    page = await PagePeer.open(browser, site);
    await ada.call('open', join(folder, 'ada.db'));
    await ada.call('found', 'ada');
    ({ url } = await ada.call<Served>('serve', { tls: false, origins: [site.origin] }));
    meddler = await startMeddler(url);
    await mallory.call('open', join(folder, 'mallory.db'));
    await mallory.call('join', await ada.call('invite'), 'mallory');
    ({ url: urlOfMallory } = await mallory.call<Served>('serve', { tls: false, origins: [site.origin] }));
  });
  afterAll(async () => {
    await Promise.all([ada?.end(), mallory?.end()]);
    await browser?.kill();
    for (const running of [site, elsewhere, meddler]) running?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  test('joins with an invite, and takes in events and messages', async () => {
    await page.call('open', { indexedDB: 'orchard' });
    await page.call('join', await ada.call('invite'), 'page');
    await ada.call('say', 700, 100);
    await ada.call('rotate');
    await page.call('say', 3, 60_000);
    expect(await page.call('sync', url, null)).toMatchObject({
      received: { events: 1, messages: 700 },
      delivered: 3,
      refused: [],
    });
    expect(await page.call('sync', url, null)).toMatchObject({ exchanges: 1 });
    expect(await page.call('status')).toEqual(await ada.call('status'));
    expect(await page.call('verify')).toEqual([]);
  });

  test('goes on where it was after it was loaded anew', async () => {
    await ada.call('say', 2, 100);
    await page.reload();
    await page.call('open', { indexedDB: 'orchard' });
    expect(await page.call('sync', url, null)).toMatchObject({ received: { events: 0, messages: 2 }, delivered: 0 });
  });

  test('takes nothing in from an answer that was changed on the way', async () => {
    await ada.call('say', 1, 100);
    const before = await messages();
    meddler.meddling = 'answers';
    await expect(page.call('sync', meddler.url, null)).rejects.toMatchObject({ code: 'bad-answer' });
    meddler.meddling = 'requests';
    await expect(page.call('sync', meddler.url, null)).rejects.toMatchObject({ code: 'wire-refused' });
    expect((await ada.call<Stats>('stats')).refused['bad-signature']).toBe(1);
    expect(await messages()).toBe(before);
    meddler.meddling = 'nothing';
    expect(await page.call('sync', meddler.url, null)).toMatchObject({ received: { messages: 1 }, refused: [] });
  });

  test('does not follow a redirect', async () => {
    const { served } = await ada.call<Stats>('stats');
    meddler.meddling = 'redirect';
    await expect(page.call('sync', meddler.url, null)).rejects.toMatchObject({ code: 'wire-refused' });
    // What the meddler itself asked for in order to answer.
    expect((await ada.call<Stats>('stats')).served.sync).toBe((served.sync ?? 0) + 1);
  });

  test('refuses messages that a member forged in the name of another one', async () => {
    await ada.call('say', 2, 100);
    await mallory.call('sync', url, null);
    await mallory.call('forge', 'ada');
    const before = await messages();
    const { received, refused } = await page.call<{ received: object; refused: string[] }>('sync', urlOfMallory, null);
    expect(received).toMatchObject({ messages: 0 });
    expect(refused).toEqual(['message: authentication-failed', 'message: authentication-failed']);
    expect(await messages()).toBe(before);
    expect(await page.call('sync', url, null)).toMatchObject({ received: { messages: 2 }, refused: [] });
  });

  test('follows the group while it is open, and offers what it says', async () => {
    await ada.call('gossip', { interval: 400 });
    await page.call('gossip', { interval: 400 });
    const expected = (await messages()) + 10;
    await ada.call('say', 5, 100);
    await page.call('say', 5, 100);
    await until(async () => (await messages()) === expected);
    await until(async () => (await ada.call<Status>('status')).messages === expected);
    await page.call('ungossip');
  });

  test('from an origin that the server does not name is kept out by the browser', async () => {
    await ada.call('unserve');
    const port = Number(new URL(url).port);
    await ada.call('serve', { port, tls: false, origins: [elsewhere.origin] });
    const before = await ada.call<Stats>('stats');
    // The browser asks first, with OPTIONS, and sends no request where that is refused.
    await expect(page.call('sync', url, null)).rejects.toMatchObject({ code: 'unreachable' });
    const after = await ada.call<Stats>('stats');
    expect(after.served).toEqual(before.served);
    expect(after.refused['wrong-method']).toBe((before.refused['wrong-method'] ?? 0) + 1);
    const other = await PagePeer.open(browser, elsewhere);
    await other.call('open');
    await other.call('join', await ada.call('invite'), 'other page');
    expect(await other.call('sync', url, null)).toMatchObject({ refused: [] });
  });

  test('does not get past a certificate that the browser does not trust', async () => {
    await mallory.call('unserve');
    const { url: secure } = await mallory.call<Served>('serve', { origins: [site.origin] });
    expect(secure).toMatch(/^https:/);
    await expect(page.call('sync', secure, null)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
