/** Which addresses share their limits. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkOf } from '../../src/wire/ip-address.js';

describe('The network that limits are counted by', () => {
  test('is the first half of an IPv6 address, however it is written', () => {
    for (const address of ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:0:0:0:9%eth0']) {
      expect(networkOf(address)).toBe('2001:db8:1:2::/64');
    }
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
  });

  test('is the whole of an IPv4 address, also where it comes as an IPv6 one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        expect(networkOf(address)).toBe(address);
        expect(networkOf(`::ffff:${address}`)).toBe(address);
        expect(networkOf(`::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`)).toBe(address);
      }),
    );
  });

  test('is any other text as it is', () => {
    for (const text of ['', 'unix', '192.0.2.1:8080', 'x:y']) expect(networkOf(text)).toBe(text);
  });
});
