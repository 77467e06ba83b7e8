/** `npm run types`: the type check of every room. */
import { pathToFileURL } from 'node:url';
import { runNode } from './run.mjs';

export const rooms = ['src/core', 'src/worker', 'src/ui', 'src/cli', 'src/scripts', 'test'];

export const checkRoom = (room) => runNode(['node_modules/typescript/bin/tsc', '-p', room, '--pretty', 'false']);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const room of rooms) {
    const { code, output } = await checkRoom(room);
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${room}\n${output}`);
    if (code !== 0) process.exitCode = 1;
  }
}
