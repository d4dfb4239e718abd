/** Which hosts a member's record may not lead to. */
import { describe, expect, it } from 'vitest';
import { isLoopbackHost, isPrivateHost } from '../../src/wire/client/private-address.js';

describe('A private host', () => {
  it.each([
    'localhost',
    'oak.localhost',
    'oak.local',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '::',
    '::ffff:10.0.0.1',
    '[::ffff:a00:1]',
    '64:ff9b::10.0.0.1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1%eth0',
    'ff02::1',
    'what:is:this',
  ])('is %s', (host) => {
    expect(isPrivateHost(host)).toBe(true);
  });

  it.each([
    'oak.example',
    '1.1.1.1',
    '100.128.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '[2001:db8::1]',
    '::ffff:1.1.1.1',
    '64:ff9b::8.8.8.8',
  ])('is not %s', (host) => {
    expect(isPrivateHost(host)).toBe(false);
  });

  it('is this machine for loopback addresses only', () => {
    expect(['127.0.0.1', '127.1.2.3', '[::1]', 'LOCALHOST'].every(isLoopbackHost)).toBe(true);
    expect(['10.0.0.1', 'oak.example', '[::2]'].some(isLoopbackHost)).toBe(false);
  });
});
