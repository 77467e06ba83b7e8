import type { Problem } from '#core/base/problem.ts';
import type { ImageSummary } from '#core/session/contract.ts';
import type { Failure } from './phase.ts';

const HOW_TO_DUMP = 'From a running guest: virsh dump --memory-only, xl dump-core, or QEMU’s dump-guest-memory without -p.';

/** What lets a page elsewhere read parts of a file. */
const SERVER_LINES =
  'nginx: add_header Access-Control-Allow-Origin "*" always; add_header Access-Control-Expose-Headers "Content-Range, ETag" always; a bucket: a CORS rule with AllowedMethods GET and HEAD, AllowedHeaders Range, ExposeHeaders Content-Range and ETag. Static files answer Range by themselves.';

/** Reading failed: the medium, or our own fault. */
export function failureOf(name: string, error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  const changed = error instanceof Error && error.name === 'FileChanged';
  const isServers = error instanceof Error && (error.name === 'UnfitServer' || error.name === 'Unreachable');
  return {
    kind: 'failed',
    name,
    title: `${name} could not be opened`,
    reason,
    ...(isServers && { retryIsPossible: true }),
    advice: isServers
      ? SERVER_LINES
      : changed
        ? 'Choose the file once more: the browser then reads it as it is now.'
        : 'If the file is whole, this is a fault of Pagewalk; the words above say where.',
  };
}

/** Read, but nothing of it can be shown. @param advice What may help with this file, better than what helps with any. */
export function failureOfStopped(name: string, image: ImageSummary, stop: Problem, advice?: string): Failure {
  const rawIsPossible = image.format.id !== 'raw' && image.fileSize > 0;
  return {
    kind: 'failed',
    name,
    title: image.format.id === 'prose' ? 'No memory in this text' : 'Not a dump that Pagewalk reads',
    reason: stop.text,
    advice: advice ?? (rawIsPossible ? `Open it raw if it holds memory as it is. ${HOW_TO_DUMP}` : HOW_TO_DUMP),
    rawIsPossible,
  };
}
