/**
 * The browser and the site that a file of tests shares; each test has databases of its own names.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Chromium } from './chromium.js';
import { type Site, startSite } from './site.js';
import type { Place, Tab } from './tab.js';

/** A kind of database in a browser, and where it is used from. */
export interface Kind {
  readonly title: string;
  readonly place: Place;
  readonly option: 'indexedDB' | 'opfs';
}

/** The three ways to have a database in a browser. */
export const KINDS: readonly Kind[] = [
  { title: 'IndexedDB in a page', place: 'page', option: 'indexedDB' },
  { title: 'IndexedDB in a worker', place: 'worker', option: 'indexedDB' },
  { title: 'OPFS in a worker', place: 'worker', option: 'opfs' },
];

/** What a file of tests works with. */
export interface BrowserRun {
  readonly site: Site;
  /** The running browser; another one after {@link restart}. */
  readonly browser: Chromium;
  /** A new tab with the site's page. */
  open(): Promise<Tab>;
  /** A name that no other test has. */
  freshName(): string;
  /** Kills the browser with all it runs, and starts it again on the same profile. */
  restart(): Promise<void>;
}

/** Starts a browser before the tests of this file, and ends it afterwards. */
export function useBrowser(): BrowserRun {
  const profile = mkdtempSync(join(tmpdir(), 'arborist-browser-'));
  let browser: Chromium;
  let site: Site;
  let names = 0;
  beforeAll(async () => {
    site = await startSite();
    browser = new Chromium(profile);
  });
  afterAll(async () => {
    await browser?.kill();
    site?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return {
    get site() {
      return site;
    },
    get browser() {
      return browser;
    },
    open: () => browser.open(site.address),
    freshName: () => `orchard ${names++}`,
    async restart() {
      await browser.kill();
      browser = new Chromium(profile);
    },
  };
}
