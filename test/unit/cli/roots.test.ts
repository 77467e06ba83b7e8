import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import roots from '#cli/commands/roots.command.ts';
import { parseArguments } from '#cli/options.ts';
import { Output } from '#cli/output.ts';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession } from '#core/session/session.ts';
import { elfDump } from '../../support/dump-builder.ts';
import { LINUX_GUEST, linuxGuest } from '../../support/linux-guest.ts';

async function listed(...args: string[]): Promise<string> {
  const stream = new PassThrough();
  const out = new Output(stream);
  const session = await openSession(bytesSource(elfDump(linuxGuest())), quietTask);
  await roots.run({ session, options: parseArguments(['roots', ...args]).options, operands: [], out, note: () => undefined });
  await out.flush();
  return (stream.read() as Buffer).toString();
}

describe('roots of a Linux guest', () => {
  test('are listed with the process that each probably is, which is called a guess', async () => {
    const lines = (await listed()).trimEnd().split('\n');
    const named = lines.flatMap(
      (line) =>
        /^([0-9a-f]+) .*? Probably (.*?, a guess): the name is at [0-9a-f]+, its mm at [0-9a-f]+ leads to the mm_struct/.exec(line)?.slice(1) ?? [],
    );
    expect(named).toEqual(LINUX_GUEST.flatMap(({ root, name, pid }) => [root.toString(16).padStart(10, '0'), `${name}, process ${pid}, a guess`]));
  });

  test('in JSON have the name, the pid and the reason, marked as a guess', async () => {
    const found = JSON.parse(await listed('--json')) as readonly { root: string; process?: unknown }[];
    const [first] = LINUX_GUEST;
    expect(found.find(({ root }) => Number.parseInt(root, 16) === first?.root)?.process).toEqual({
      ...{ guess: true, name: first?.name, pid: first?.pid },
      reason: expect.stringContaining('Linux processes are alike'),
    });
  });
});
