/** `npm start`: builds if need be, serves the built page on this machine, prints its URL. Ctrl-C ends it. */
import { buildIfStale } from './build.mjs';
import { serveDist } from './serve.mjs';

const parent = process.ppid;
await buildIfStale();
const server = await serveDist();
process.stdout.write(`Pagewalk: ${server.url}   (Ctrl-C ends it)\n`);

const end = () => {
  void server.close();
  process.exit(0);
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
process.on('SIGHUP', end);
// npm killed without a word to its child would leave this server running.
if (process.env.npm_lifecycle_event === 'start') {
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1000).unref();
}
