import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { quietTask } from '#core/base/task.ts';
import { regionsWithHole } from '#core/formats/raw/regions.ts';
import { trafficText } from '#core/memory/remote/traffic.ts';
import type { OpenOptions } from '#core/session/contract.ts';
import { openSession } from '#core/session/session.ts';
import { type Command, Refusal } from './command.ts';
import { asOneDump, type OpenedFile, openFile, remoteFiles } from './node-byte-source.ts';
import { type Arguments, type Options, parseArguments } from './options.ts';
import { Output } from './output.ts';
import { siblingOf, siblingUrls } from './sibling-file.ts';
import { sweepForParent } from './sweep-thread.ts';
import { sweepThreads } from './sweep-threads.ts';

const commands = Object.values(import.meta.glob<Command>('./commands/*.command.ts', { eager: true, import: 'default' }));

const out = new Output(process.stdout);

async function main(argv: readonly string[]): Promise<void> {
  const given = parseArguments(argv);
  const [name, file, ...operands] = given.positionals;
  if (given.help || name === undefined) return usage();
  const command = commands.find((known) => known.name === name);
  if (!command) throw new Refusal(`There is no command “${name}”: ${commands.map((known) => known.name).join(', ')}.`);
  const [least, most] = command.operands;
  if (file === undefined || operands.length < least || operands.length > most) throw new Refusal(`Usage: pagewalk ${command.usage}`);
  await runOn(command, file, operands, given);
}

async function runOn(command: Command, path: string, operands: readonly string[], given: Arguments): Promise<void> {
  const remote = remoteFiles();
  const opened: OpenedFile[] = [];
  try {
    for (const each of await pathsOf(path, given.options)) opened.push(await openFile(each, remote));
    await runOnOpen(command, path, operands, given, opened);
  } finally {
    await out.flush();
    for (const file of opened) await file.close();
    const { traffic } = remote.meter;
    if (traffic.requests > 0) note(`${trafficText(traffic)} fetched`);
  }
}

async function runOnOpen(command: Command, path: string, operands: readonly string[], { options }: Arguments, opened: readonly OpenedFile[]) {
  const source = asOneDump(opened);
  const open = openOptions(options, source.size);
  const paths = opened.map((file) => file.source.name);
  const session = await openSession(source, quietTask, open, (known) => sweepThreads(new URL(import.meta.url), { paths, options: known }));
  const stop = (await session.summary()).problems.find(({ severity }) => severity === 'stop');
  if (stop && command.name !== 'info') throw new Refusal(stop.text);
  await command.run({ session, path, options, operands, out, note });
  // `info` has said what the file is; the status still tells that nothing in it can be read.
  if (stop) throw new Refusal(stop.text);
}

const note = (text: string): void => void process.stderr.write(`pagewalk: ${text}\n`);

function openOptions({ as, regions, hole }: Options, size: number): OpenOptions {
  const chosen = regions ?? (hole === undefined ? undefined : regionsWithHole(size, hole === 0 ? size : hole));
  return { ...(as !== undefined && { formatId: as }), ...(chosen !== undefined && { regions: chosen }) };
}

/** The file, and those given with --with, else the other half of a pair where it lies beside the file; none where a format is forced. */
async function pathsOf(path: string, options: Options): Promise<readonly string[]> {
  if (options.with) return [path, ...options.with];
  const other = options.as === undefined ? await siblingOf(path) : undefined;
  const urls = other === undefined && options.as === undefined ? siblingUrls(path) : [];
  if (urls.length > 0) note(`If ${urls.join(' or ')} is there, it belongs to this file: give it by --with. It was not asked for.`);
  return other === undefined ? [path] : [path, other];
}

async function usage(): Promise<void> {
  for (const { usage: line, summary } of commands) await out.line(`pagewalk ${line}\n    ${summary}`);
  await out.line(
    'Addresses are hex, with or without 0x. --as ID forces a dump format (raw, elf-qemu, text). --with FILE names a file that belongs to the first (a .vmss to its .vmem, or, given for each, the others of a split dump). A FILE may be an http or https address.',
  );
  await out.flush();
}

const say = (error: unknown): void => {
  process.exitCode = 1;
  process.stderr.write(
    `pagewalk: ${error instanceof Refusal ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
};

if (isMainThread) main(process.argv.slice(2)).catch(say);
else await sweepForParent();
