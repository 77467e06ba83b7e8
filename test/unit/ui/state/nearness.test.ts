import { expect, test } from 'vitest';
import { nearness } from '#ui/state/nearness.ts';

const hostOf = (host: string) => new URL(`http://${host}/`).hostname;

test.each(['localhost', 'LOCALHOST.', 'a.localhost', '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]'])(
  '%s is this machine',
  (host) => {
    expect(nearness(hostOf(host))).toBe('machine');
  },
);

test.each([
  ...['10.0.0.5', '172.16.0.1', '172.31.255.1', '192.168.1.1', '3232235777', '169.254.169.254', '100.64.0.1'],
  ...['[fe80::1]', '[febf::1]', '[fc00::1]', '[fd12:3456::1]', '[::ffff:192.168.1.1]'],
  ...['nas', 'nas.', 'dumps.local', 'dumps.internal', 'x.home.arpa', 'files.corp', 'router.lan'],
])('%s is on a network of one’s own', (host) => {
  expect(nearness(hostOf(host))).toBe('network');
});

test.each([
  'dumps.example',
  'local.example',
  '8.8.8.8',
  '172.32.0.1',
  '192.169.0.1',
  '100.128.0.1',
  '11.0.0.1',
  '[2001:db8::1]',
  '[::ffff:8.8.8.8]',
  '[fec0::1]',
])('of %s nothing is said', (host) => {
  expect(nearness(hostOf(host))).toBeUndefined();
});
