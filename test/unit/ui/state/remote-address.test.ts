import { expect, test } from 'vitest';
import { AllowedHosts } from '#ui/state/allowed-hosts.ts';
import { remoteAddress } from '#ui/state/remote-address.ts';

test.each([
  ['https://dumps.example:8443/a%20b/guest.elf?version=2#x', { origin: 'https://dumps.example:8443', host: 'dumps.example:8443', name: 'guest.elf' }],
  [' http://127.0.0.1/x%2Fy.raw ', { host: '127.0.0.1', name: 'x/y.raw' }],
  // What could make a name or host look like another.
  ['https://host.example/a%E2%80%AEfle.txt%00', { name: 'afle.txt' }],
  ['https://good.example\\@evil.example/x', { host: 'good.example' }],
  ['https:///evil.example/x', { host: 'evil.example' }],
  ['http://0x7f.1:99/x', { host: '127.0.0.1:99' }],
  ['https://h.example:443/x', { origin: 'https://h.example', host: 'h.example' }],
  // A Cyrillic а: shown as what is asked for.
  ['https://exаmple.com/d', { host: 'xn--exmple-4nf.com' }],
  ['https://host.example', { name: 'host.example' }],
])('%s', (text, wanted) => {
  expect(remoteAddress(text)).toMatchObject(wanted);
});

test('what follows # is not asked for', () => {
  expect(remoteAddress('https://h/a#b')).toMatchObject({ url: 'https://h/a' });
});

test.each([
  '',
  'guest.elf',
  'ftp://h/a',
  'javascript:alert(1)',
  'data:text/plain,x',
  'file:///etc/passwd',
  'https://u:p@h/a',
  'https://u@h/a',
  'https://good.example\n@evil.example/x',
  'JavaScript:alert(1)',
  'blob:https://h/1-2',
  'view-source:https://h/a',
  '//h/a',
  '/a',
  'https:h',
  'http://h:99999/',
  'https://',
  `https://h/${'a'.repeat(3000)}`,
])('no address of an image: %s', (text) => {
  expect(remoteAddress(text)).toBeTypeOf('string');
});

function kept(text: string | null) {
  let value = text;
  return {
    getItem: () => value,
    setItem: (_: string, next: string) => {
      value = next;
    },
  };
}

test('a yes for this visit is gone with it; one for good stays until it is taken back', () => {
  const storage = kept(null);
  const hosts = new AllowedHosts('https://own', storage);
  expect(hosts.has('https://own')).toBe(true);
  hosts.allow('https://a', false);
  hosts.allow('https://b', true);
  expect([hosts.has('https://a'), hosts.has('https://b'), hosts.has('http://b')]).toEqual([true, true, false]);
  const later = new AllowedHosts('https://own', storage);
  expect([later.has('https://a'), later.has('https://b')]).toEqual([false, true]);
  later.forget('https://b');
  expect(new AllowedHosts('https://own', storage).has('https://b')).toBe(false);
});

test.each(['nonsense', '{}', '["https://a/with/path"]', '[1]', JSON.stringify(Array(60).fill('https://a'))])(
  'a storage that holds %s is not believed',
  (text) => {
    expect(new AllowedHosts('https://own', kept(text)).has('https://a')).toBe(false);
  },
);

test('a storage that may not be used leaves the yes for this visit', () => {
  const refuse = () => {
    throw new Error('denied');
  };
  const hosts = new AllowedHosts('https://own', { getItem: refuse, setItem: refuse });
  hosts.allow('https://a', true);
  expect(hosts.has('https://a')).toBe(true);
});
