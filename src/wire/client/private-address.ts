/**
 * Addresses that are not of the public network: of this machine, of private networks, and reserved ones. A peer must not be
 * able to send this one there by telling it a URL (server-side request forgery).
 *
 * @module
 */
import { MeshError } from '../../errors.js';

/** IPv4 networks that are not public, as address and prefix length (RFC 6890, RFC 5771). */
const IPV4: readonly (readonly [number, number, number, number, number])[] = [
  [0, 0, 0, 0, 8],
  [10, 0, 0, 0, 8],
  [100, 64, 0, 0, 10],
  [127, 0, 0, 0, 8],
  [169, 254, 0, 0, 16],
  [172, 16, 0, 0, 12],
  [192, 0, 0, 0, 24],
  [192, 168, 0, 0, 16],
  [198, 18, 0, 0, 15],
  [224, 0, 0, 0, 3],
];

const number = (a: number, b: number, c: number, d: number) => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;

function isPrivateIpv4(address: number): boolean {
  return IPV4.some(([a, b, c, d, length]) => (address ^ number(a, b, c, d)) >>> (32 - length) === 0);
}

function ipv4Of(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const [a, b, c, d] = match.slice(1).map(Number) as [number, number, number, number];
  return number(a, b, c, d);
}

/** The eight groups of an IPv6 address. */
function ipv6Groups(text: string): number[] | null {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted === null ? null : ipv4Of(dotted[2] as string);
  const hex = tail === null ? text : `${dotted?.[1]}${(tail >>> 16).toString(16)}:${(tail & 0xffff).toString(16)}`;
  const [head = '', rest] = hex.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = rest === undefined ? [] : groups(rest);
  const gap = rest === undefined ? [] : new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0);
  const all = [...before, ...gap, ...after];
  return all.length === 8 && all.every((group) => group >= 0 && group <= 0xffff) ? all : null;
}

function isPrivateIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  const last = number((groups[6] ?? 0) >> 8, (groups[6] ?? 0) & 255, (groups[7] ?? 0) >> 8, (groups[7] ?? 0) & 255);
  // IPv4 inside of IPv6: mapped (::ffff:0:0/96) and translated (64:ff9b::/96); the unspecified address and loopback.
  if (groups.slice(0, 5).every((group) => group === 0)) return groups[5] === 0xffff ? isPrivateIpv4(last) : true;
  if (first === 0x64 && second === 0xff9b) return isPrivateIpv4(last);
  // Unique local fc00::/7, link-local fe80::/10, multicast ff00::/8; what is not global unicast 2000::/3.
  return first >> 13 !== 1;
}

/** Whether a host is this machine or on a private network, as far as its text tells. Names other than of this machine do not. */
export function isPrivateHost(host: string): boolean {
  const text = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (text === 'localhost' || text.endsWith('.localhost') || text.endsWith('.local')) return true;
  const ipv4 = ipv4Of(text);
  if (ipv4 !== null) return isPrivateIpv4(ipv4);
  if (!text.includes(':')) return false;
  const groups = ipv6Groups(text.split('%')[0] as string);
  return groups === null || isPrivateIpv6(groups);
}

/** Whether a host is this machine itself. */
export function isLoopbackHost(host: string): boolean {
  const text = host.replace(/^\[|\]$/g, '').toLowerCase();
  const ipv4 = ipv4Of(text);
  return text === 'localhost' || text === '::1' || (ipv4 !== null && ipv4 >>> 24 === 127);
}

/** @throws MeshError `private-address` */
export function requirePublicAddress(host: string): void {
  if (!isPrivateHost(host)) return;
  throw new MeshError('private-address', 'the URL leads to a private address, which was not allowed');
}
