import { expect, test } from 'vitest';
import { hostWarnings } from '#ui/state/host-warnings.ts';
import { type RemoteAddress, remoteAddress } from '#ui/state/remote-address.ts';

const of = (...urls: string[]) => urls.map((url) => remoteAddress(url) as RemoteAddress);

test.each<[string, string, RegExp[]]>([
  ['https://dumps.example/a', 'https:', []],
  ['https://dumps.example/a', 'http:', []],
  ['http://dumps.example/a', 'http:', [/can be seen, and changed/]],
  ['http://dumps.example/a', 'https:', [/came over https.*give an https address/]],
  ['http://127.0.0.1:8000/a', 'https:', [/^127\.0\.0\.1:8000 is this machine itself/]],
  ['http://nas/a', 'http:', [/^nas is on your local network/, /can be seen/]],
  ['https://10.1.2.3/a', 'https:', [/^10\.1\.2\.3 is on your local network/]],
  ['https://exаmple.com/a', 'https:', [/^xn--exmple-4nf\.com is written in letters of other alphabets/]],
])('%s asked by a page over %s', (url, page, words) => {
  const warnings = hostWarnings(of(url), page);
  expect(warnings).toHaveLength(words.length);
  words.forEach((word, i) => {
    expect(warnings[i]).toMatch(word);
  });
});

test('two files of one host are warned of once', () => {
  expect(hostWarnings(of('http://nas/a', 'http://nas/b'), 'http:')).toHaveLength(2);
});
