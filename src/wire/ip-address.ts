/**
 * IP addresses as texts: their parts, and which of them count as one caller's.
 *
 * @module
 */

/** The four bytes of an IPv4 address as a number. */
export const ipv4Number = (a: number, b: number, c: number, d: number) => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;

/** A dotted IPv4 address as a number; null if the text is none. */
export function ipv4Of(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const [a, b, c, d] = match.slice(1).map(Number) as [number, number, number, number];
  return ipv4Number(a, b, c, d);
}

/** The eight groups of an IPv6 address; null if the text is none. */
export function ipv6Groups(text: string): number[] | null {
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

/** The IPv4 address in the last two groups of an IPv6 one. */
export function embeddedIpv4(groups: readonly number[]): number {
  const [high = 0, low = 0] = groups.slice(6);
  return ipv4Number(high >> 8, high & 255, low >> 8, low & 255);
}

/** Whether an IPv6 address is an IPv4 one in the form ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
export function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

/**
 * What the limits of an address are counted by: an IPv4 address, the first 64 bits of an IPv6 one, within which a caller
 * chooses at will; any other text as it is.
 */
export function networkOf(address: string): string {
  const groups = address.includes(':') ? ipv6Groups(address.split('%')[0] as string) : null;
  if (groups === null) return address;
  if (!isMapped(groups))
    return `${groups
      .slice(0, 4)
      .map((group) => group.toString(16))
      .join(':')}::/64`;
  const ipv4 = embeddedIpv4(groups);
  return [ipv4 >>> 24, (ipv4 >>> 16) & 255, (ipv4 >>> 8) & 255, ipv4 & 255].join('.');
}
