import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SparseMemory } from '../../support/dump-builder.ts';
import { guestDump } from '../../support/guest-dump.ts';
import { type RangeServer, rangeServer } from '../../support/range-server.ts';
import { TableBuilder } from '../../support/table-builder.ts';
import { vmwareFiles } from '../../support/vmware-builder.ts';

let server: RangeServer;
beforeEach(async () => {
  const memory = new SparseMemory();
  new TableBuilder(memory, 'pae', { root: 0x2020, firstFrame: 0x10 }).map(0xc000_0000n, 0x5000n);
  const { vmem, vmss } = vmwareFiles(memory, { cpus: [{ cr3: 0x2020, cr4: 0x20 }] });
  server = await rangeServer({ '/guest.elf': guestDump(), '/a.vmem': vmem, '/a.vmss': vmss });
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

test('a second file is asked for where it is given, and else only told of', { timeout: 60_000 }, async () => {
  const [memory, state] = [`${server.origin}/a.vmem`, `${server.origin}/a.vmss`];
  const alone = await pagewalk('info', memory);
  expect(alone.stderr).toContain(`If ${state} or ${server.origin}/a.vmsn is there`);
  expect(server.log.filter((line) => !line.startsWith('GET /a.vmem '))).toEqual([]);
  const both = await pagewalk('info', memory, '--with', state);
  expect(both.stdout).toMatch(/2020.*CPU 0/);
});
