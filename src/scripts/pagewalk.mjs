/** `npm run --silent pagewalk -- …`: the command line of src/cli, bundled when its sources changed. Writes nothing to stdout itself. */
import { nodeBundle } from './node-bundle.mjs';

const url = await nodeBundle({ name: 'pagewalk-cli', entry: 'src/cli/main.ts', sources: ['src/cli', 'src/core'] });
// npm runs scripts in the project's folder; files are named from where the user is.
if (process.env.npm_lifecycle_event === 'pagewalk' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import(url);
