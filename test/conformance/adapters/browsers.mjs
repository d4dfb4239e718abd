// @ts-check
/**
 * How each browser is started, headless, without a driver and with a fresh profile.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumParameters, findChromium } from '../../support/chromium.mjs';
import { findProgram, fromDebian } from '../requirements.mjs';

/**
 * @typedef {object} Browser
 * @property {string} id
 * @property {string} title
 * @property {import('../types.js').Requirement} requirement
 * @property {(address: string, profile: string) => { command: string, parameters: string[], env: Readonly<Record<string, string>> }} launch
 *   `profile` is an empty folder
 * @property {() => string | null} [version] where what the browser says of itself is another's version
 */

const findFirefox = () => findProgram([process.env.FIREFOX ?? 'firefox-esr', 'firefox']);
const findWebKit = () =>
  findProgram(['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`));
const findDisplay = () => findProgram(['xvfb-run']);

/** @type {Browser} */
export const chromium = {
  id: 'chromium',
  title: 'Chromium',
  requirement: fromDebian(['chromium'], findChromium),
  launch: (address, profile) => ({
    command: findChromium() ?? 'chromium',
    parameters: [...chromiumParameters(profile), address],
    env: {},
  }),
};

/** What Firefox fetches or asks by itself, switched off. */
const FIREFOX_SETTINGS = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** @type {Browser} */
export const firefox = {
  id: 'firefox',
  title: 'Firefox',
  requirement: fromDebian(['firefox-esr'], findFirefox),
  launch: (address, profile) => {
    const lines = Object.entries(FIREFOX_SETTINGS).map(
      ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
    );
    writeFileSync(join(profile, 'user.js'), `${lines.join('\n')}\n`);
    return {
      command: findFirefox() ?? 'firefox-esr',
      parameters: ['--headless', '--no-remote', '--profile', profile, address],
      env: { HOME: profile },
    };
  },
};

/** WebKitGTK tells pages the version of Safari that it is like. */
function findWebKitVersion() {
  const query = ['--show', '--showformat', `\${source:Upstream-Version}`, 'libwebkit2gtk-4.1-0'];
  const { status, stdout } = spawnSync('dpkg-query', query, { encoding: 'utf8' });
  return status === 0 ? stdout : null;
}

/** @type {Browser} */
export const webkit = {
  id: 'webkit',
  title: 'WebKit',
  requirement: fromDebian(['libwebkit2gtk-4.1-0', 'webkit2gtk-driver', 'xvfb', 'xauth'], () =>
    findDisplay() === null ? null : findWebKit(),
  ),
  version: findWebKitVersion,
  launch: (address, profile) => {
    const runtimeFolder = join(profile, 'runtime');
    mkdirSync(runtimeFolder, { mode: 0o700 });
    return {
      command: 'xvfb-run',
      parameters: ['-a', '-s', '-screen 0 1024x768x24', findWebKit() ?? 'MiniBrowser', '--private', address],
      env: {
        HOME: profile,
        XDG_RUNTIME_DIR: runtimeFolder,
        DBUS_SESSION_BUS_ADDRESS: 'disabled:',
        LIBGL_ALWAYS_SOFTWARE: '1',
        NO_AT_BRIDGE: '1',
        WEBKIT_DISABLE_COMPOSITING_MODE: '1',
        WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      },
    };
  },
};
