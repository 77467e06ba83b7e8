import { bytesText, commas } from '#core/base/hex.ts';
import { Busy, type HttpAnswer, type HttpFile, UnfitServer } from './http-answer.ts';

/** Marks of one version of the file, to be the same in every answer that has them; undefined where they may not be seen. */
export interface Version {
  readonly etag: string | undefined;
  readonly modified: string | undefined;
}

/** What a file's first answer tells. */
export interface RemoteFile {
  readonly size: number;
  readonly version: Version;
  /** The bytes that came. */
  readonly first: Uint8Array;
  /** True where the server gives no parts and the whole file came. */
  readonly isWhole: boolean;
}

/** A file that comes only whole is kept in memory up to here. */
const MOST_WHOLE_BYTES = 64 * 1024 * 1024;

/** Asks for the first bytes and judges the answer. @throws UnfitServer with what is missing; Unreachable. */
export async function firstAnswer(file: HttpFile, bytes: number): Promise<RemoteFile> {
  const answer = await file.get({ start: 0, end: bytes });
  if (answer.status === 206) return partOf(file, answer, bytes);
  if (answer.status === 200) return wholeOf(answer);
  answer.drop();
  // A file of no bytes has no first ones (RFC 9110, 15.5.17); one that has some is told as "bytes */N" (14.4).
  const isEmpty = answer.status === 416 && !/^bytes \*\/0*[1-9]/.test(answer.header('content-range') ?? '');
  if (isEmpty) return { size: 0, version: versionOf(answer), first: new Uint8Array(0), isWhole: true };
  throw refused(answer);
}

async function partOf(file: HttpFile, answer: HttpAnswer, asked: number): Promise<RemoteFile> {
  const size = totalOf(answer) ?? (await sizeByHead(file));
  const other = otherPart(answer, 0);
  if (other !== undefined) throw dropped(answer, other);
  const first = await answer.bytes(Math.min(asked, size));
  if (first.length !== Math.min(asked, size)) throw new UnfitServer(otherLength(answer, first.length, Math.min(asked, size)));
  return { size, version: versionOf(answer), first, isWhole: false };
}

/** "bytes 0-1023/146515" (RFC 9110, 14.4). */
export function totalOf(answer: HttpAnswer): number | undefined {
  const total = /^bytes \d+-\d+\/(\d{1,16})$/.exec(answer.header('content-range') ?? '')?.[1];
  return total !== undefined && Number.isSafeInteger(Number(total)) ? Number(total) : undefined;
}

/** A cache on the way may answer with another part than was asked for: its bytes would be shown at the wrong place. */
export function otherPart(answer: HttpAnswer, start: number): string | undefined {
  const found = answer.header('content-range');
  const from = /^bytes (\d+)-/.exec(found ?? '')?.[1];
  if (from === undefined || Number(from) === start) return undefined;
  return `The server gave another part of the file than it was asked for: Content-Range is “${found?.slice(0, 80)}” where bytes from ${commas(start)} on were asked for.`;
}

function dropped(answer: HttpAnswer, sentence: string): UnfitServer {
  answer.drop();
  return new UnfitServer(sentence);
}

/** Content-Length may be seen by every page (Fetch, CORS-safelisted response-header name). */
async function sizeByHead(file: HttpFile): Promise<number> {
  const answer = await file.head();
  answer.drop();
  const length = Number(answer.header('content-length') ?? Number.NaN);
  if (answer.status === 200 && Number.isSafeInteger(length)) return length;
  throw new UnfitServer(
    'The server gives parts of the file but does not let this page see how long it is. It must send Access-Control-Expose-Headers: Content-Range, ETag.',
  );
}

async function wholeOf(answer: HttpAnswer): Promise<RemoteFile> {
  const length = Number(answer.header('content-length') ?? Number.NaN);
  if (!(length <= MOST_WHOLE_BYTES)) {
    answer.drop();
    const size = Number.isNaN(length) ? 'a file of unknown length' : `${commas(length)} bytes`;
    throw new UnfitServer(
      `The server does not give parts of a file: it answered a Range request with 200 and the whole, ${size}. It must answer 206 with Content-Range (Accept-Ranges: bytes); only files up to ${bytesText(MOST_WHOLE_BYTES)} are loaded whole.`,
    );
  }
  const first = await answer.bytes(MOST_WHOLE_BYTES);
  return { size: first.length, version: versionOf(answer), first, isWhole: true };
}

export const versionOf = (answer: HttpAnswer): Version => ({ etag: answer.header('etag'), modified: answer.header('last-modified') });

/** By the ETag where both have one, else by the date: servers behind one name need not send the same marks. */
export function isOtherVersion(one: Version, other: Version): boolean {
  if (one.etag !== undefined && other.etag !== undefined) return one.etag !== other.etag;
  return one.modified !== undefined && other.modified !== undefined && one.modified !== other.modified;
}

/** What to throw for an answer that has no bytes. */
export function refused(answer: HttpAnswer): UnfitServer {
  const isBusy = answer.status === 429 || answer.status >= 500;
  return isBusy ? new Busy(refusal(answer), retryAfter(answer)) : new UnfitServer(refusal(answer));
}

const MOST_WAIT_MS = 10_000;

/** Seconds only; dates are rare here. */
function retryAfter(answer: HttpAnswer): number | undefined {
  const seconds = Number(answer.header('retry-after') ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds * 1000, MOST_WAIT_MS) : undefined;
}

function refusal(answer: HttpAnswer): string {
  const { status } = answer;
  if (status === 0 || (status >= 300 && status < 400))
    return 'The server sends this address on to another one (a redirect), which is not followed. Give the address that it leads to.';
  if (status === 401 || status === 403)
    return `The server refuses: ${status}. No password and no cookie is sent; the file must be readable by whoever knows its address.`;
  if (status === 404 || status === 410) return `The server has no such file: ${status}.`;
  if (status >= 500 || status === 429) return `The server cannot answer now: ${status}.`;
  return `The server answered ${status}, which gives no bytes.`;
}

/** Fewer or more bytes than were asked for: packed on the way, or cut. */
export function otherLength(answer: HttpAnswer, found: number, expected: number): string {
  const coding = answer.header('content-encoding');
  const why = coding
    ? `it packs them on the way (Content-Encoding: ${coding})`
    : 'it packs them on the way (Content-Encoding), or the answer was cut';
  return `The server gave ${commas(found)} bytes where ${commas(expected)} were asked for: ${why}. The file must be sent as it is.`;
}
