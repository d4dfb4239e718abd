/**
 * Which runtime this is, as far as it tells.
 *
 * @module
 */

/** A runtime's name and version. */
export interface RuntimeDescription {
  /** `Node.js`, `Deno`, `Bun`, `workerd`, `Chromium`, `Firefox`, `WebKit`, or `unknown`. */
  readonly name: string;
  /** Empty where the runtime does not tell. */
  readonly version: string;
}

/** Globals of single runtimes. They are looked up by name, so that nothing here depends on one of them. */
interface RuntimeGlobals {
  readonly Bun?: { readonly version?: string };
  readonly Deno?: { readonly version?: { readonly deno?: string } };
  readonly process?: { readonly versions?: { readonly node?: string } };
}

/** What user agents say of themselves, the first match wins: WebKit's name is in all of them. */
const USER_AGENTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['workerd', /^Cloudflare-Workers()$/],
  ['Firefox', /Firefox\/([\d.]+)/],
  ['Chromium', /Chrom\w*\/([\d.]+)/],
  ['WebKit', /Version\/([\d.]+)/],
];

/** Describes the runtime that this code runs in. */
export function describeRuntime(): RuntimeDescription {
  const { Bun, Deno, process } = globalThis as RuntimeGlobals;
  if (Bun?.version !== undefined) return { name: 'Bun', version: Bun.version };
  if (Deno?.version?.deno !== undefined) return { name: 'Deno', version: Deno.version.deno };
  const agent = typeof navigator === 'undefined' ? '' : navigator.userAgent;
  for (const [name, pattern] of USER_AGENTS) {
    const found = pattern.exec(agent);
    if (found !== null) return { name, version: found[1] ?? '' };
  }
  const node = process?.versions?.node;
  return node === undefined ? { name: 'unknown', version: agent } : { name: 'Node.js', version: node };
}
