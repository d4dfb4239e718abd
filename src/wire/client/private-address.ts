/**
 * Addresses that are not of the public network: of this machine, of private networks, and reserved ones. A peer must not be
 * able to send this one there by telling it a URL (server-side request forgery).
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import { embeddedIpv4, ipv4Number, ipv4Of, ipv6Groups, isMapped } from '../ip-address.js';

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

function isPrivateIpv4(address: number): boolean {
  return IPV4.some(([a, b, c, d, length]) => (address ^ ipv4Number(a, b, c, d)) >>> (32 - length) === 0);
}

function isPrivateIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  const last = embeddedIpv4(groups);
  // IPv4 inside of IPv6: mapped (::ffff:0:0/96) and translated (64:ff9b::/96); the unspecified address and loopback.
  if (isMapped(groups)) return isPrivateIpv4(last);
  if (groups.slice(0, 5).every((group) => group === 0)) return true;
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
