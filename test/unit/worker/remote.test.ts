import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Traffic } from '#core/memory/remote/traffic.ts';
import { openSession } from '#core/session/session.ts';
import { DumpClient } from '#worker/client.ts';
import { guestDump } from '../../support/guest-dump.ts';
import { type RangeServer, rangeServer } from '../../support/range-server.ts';
import { readersInProcess } from '../../support/readers.ts';

let server: RangeServer;
beforeEach(async () => {
  vi.stubGlobal('self', { location: { origin: 'http://page.example' } });
  server = await rangeServer({ '/guest.elf': guestDump() });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

test('what was fetched is told after the fact, and adds up over readers that stop', async () => {
  const readers = readersInProcess(openSession);
  const given = { kind: 'remote', url: `${server.origin}/guest.elf`, name: 'guest.elf' } as const;
  const { client } = await DumpClient.open(readers.start, given, {}, () => undefined, new AbortController().signal);
  const told: Traffic[] = [];
  client.onTraffic = (traffic) => told.push(traffic);
  await expect.poll(() => client.traffic.requests).toBe(server.log.length);
  const first = client.traffic;
  expect(first).toMatchObject({ size: guestDump().length });
  expect(first.bytes).toBeLessThanOrEqual(first.size);
  client.stopReader();
  await client.questions.summary();
  await expect.poll(() => client.traffic).toEqual({ ...first, requests: 2 * first.requests, bytes: 2 * first.bytes });
  expect(server.log.length).toBe(2 * first.requests);
  expect(told.at(-1)).toEqual(client.traffic);
  client.close();
});

test('while a server is busy, that is told: when it is opened by the step, later by the figures', async () => {
  server.manners['/guest.elf'] = { statuses: [503], retryAfter: '1' };
  const steps: string[] = [];
  const readers = readersInProcess(openSession);
  const given = { kind: 'remote', url: `${server.origin}/guest.elf`, name: 'guest.elf' } as const;
  const { client } = await DumpClient.open(readers.start, given, {}, ({ step }) => steps.push(step), new AbortController().signal);
  const { host } = new URL(server.origin);
  expect(steps).toEqual(expect.arrayContaining([`asking ${host}`, `waiting for ${host}: no answer yet, asking again`]));
  await expect.poll(() => client.traffic).toMatchObject({ requests: 2, waiting: 0 });
  client.close();
});
