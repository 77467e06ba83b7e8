import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { guestDump } from '../../support/guest-dump.ts';
import { type RangeServer, rangeServer } from '../../support/range-server.ts';

let server: RangeServer;
beforeEach(async () => {
  server = await rangeServer({ '/guest.elf': guestDump() });
});
afterEach(() => server.close());

const pagewalk = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['src/scripts/pagewalk.mjs', ...args], { env: { ...process.env, npm_lifecycle_event: '' } });

test('what was fetched is said on stderr at the end, and JSON alone is on stdout', { timeout: 60_000 }, async () => {
  const { stdout, stderr } = await pagewalk('info', `${server.origin}/guest.elf`, '--json');
  expect(() => JSON.parse(stdout)).not.toThrow();
  expect(stderr).toMatch(/^pagewalk: \d+ requests?, [\d.]+ [KM]B of [\d.]+ [KM]B fetched\n$/);
  expect(stderr).toContain(`pagewalk: ${server.log.length} request`);
});
