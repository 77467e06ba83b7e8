import { describe, expect, test } from 'vitest';
import { AllowedHosts } from '#ui/state/allowed-hosts.ts';
import { HostGate } from '#ui/state/host-gate.ts';
import { hostsOf, remoteGiven, secondAddress } from '#ui/state/remote-given.ts';
import type { Given } from '#worker/protocol.ts';

const given = (...urls: string[]) => ({ given: remoteGiven(urls) as Given });
const gate = () => new HostGate(new AllowedHosts('https://own.example', undefined));
const question = (stop: ReturnType<ReturnType<typeof gate>['stop']>) => {
  if (stop?.kind !== 'ask-host') throw new Error(`no question: ${stop?.kind}`);
  return stop;
};

describe('two files that belong together', () => {
  test('both hosts are asked about by name, in one question, and one yes is for both', () => {
    const hosts = gate();
    const request = given('https://a.example/x.vmem', 'http://b.example:81/x.vmss');
    const stop = question(hosts.stop(request));
    expect(stop.hosts).toEqual(['a.example', 'b.example:81']);
    expect(hosts.allow(stop.addresses.slice(0, 1), false)).toBeUndefined();
    expect(hosts.stop(request)?.kind).toBe('ask-host');
    expect(hosts.allow(stop.addresses, false)).toBe(request);
    expect(hosts.stop(request)).toBeUndefined();
    expect(hosts.stop(given('http://a.example/x.vmem'))?.kind).toBe('ask-host');
  });

  test('of three files on three hosts each is named', () => {
    const stop = question(gate().stop(given('https://a.example/1', 'https://b.example/2', 'https://c.example/3')));
    expect(stop.hosts).toEqual(['a.example', 'b.example', 'c.example']);
    expect(hostsOf(stop.addresses.map(({ url }) => url))).toBe('a.example, b.example and c.example');
  });

  test('a host is named once, and not at all where it is allowed already', () => {
    const hosts = gate();
    expect(question(hosts.stop(given('https://a.example/x', 'https://a.example/y'))).hosts).toEqual(['a.example']);
    const stop = question(hosts.stop(given('https://own.example/x', 'https://b.example/y')));
    expect(stop.hosts).toEqual(['b.example']);
    expect(stop.addresses.map(({ url }) => url)).toEqual(['https://own.example/x', 'https://b.example/y']);
  });

  test('a yes for good is for each of the hosts that were asked about, and is taken back one by one', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    const hosts = new HostGate(new AllowedHosts('https://own.example', storage));
    hosts.allow(question(hosts.stop(given('https://a.example/x', 'https://b.example/y'))).addresses, true);
    expect(hosts.remembered).toEqual(['https://b.example', 'https://a.example']);
    hosts.forget('https://a.example');
    expect(hosts.remembered).toEqual(['https://b.example']);
    expect(question(hosts.stop(given('https://a.example/x', 'https://b.example/y'))).hosts).toEqual(['a.example']);
  });

  test('one that is no address stops both', () => {
    expect(gate().stop(given('https://own.example/x', 'https://u:p@own.example/y'))).toMatchObject({ kind: 'failed', reason: /name or password/ });
  });
});

test.each([
  ['https://a/d/guest.vmem', 'https://a/d/guest.vmss (or .vmsn)'],
  ['https://a/d/guest.VMSN?v=1', 'https://a/d/guest.vmem with its own query'],
])('where a second file may belong to %s, its address is said', (url, second) => {
  expect(secondAddress(given(url).given)).toContain(second);
});

test.each([[['https://a/d/guest.elf']], [['https://a/x.vmem', 'https://a/y']], [['https://a.vmem']], [['https://a/d.vmem/x']]])(
  'nothing is said of %s',
  (urls) => {
    expect(secondAddress(given(...urls).given)).toBeUndefined();
  },
);
