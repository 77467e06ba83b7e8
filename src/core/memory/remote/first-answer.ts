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
  const size = totalOf(answer) ?? (await sizeByHead(file, answer));
  const other = packed(answer) ?? otherPart(answer, 0);
  if (other !== undefined) throw dropped(answer, other);
  const first = await answer.bytes(Math.min(asked, size));
  if (first.length !== Math.min(asked, size)) throw new UnfitServer(otherLength(first.length, Math.min(asked, size)));
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

/** A part of a packed file is none of the file. Where the header is not shown, the length or the browser's failure to unpack tells. */
export function packed(answer: HttpAnswer): string | undefined {
  const coding = answer.header('content-encoding');
  if (coding === undefined || coding === 'identity') return undefined;
  return `The server packs the file on the way (Content-Encoding: ${coding.slice(0, 40)}). It must be sent as it is.`;
}

function dropped(answer: HttpAnswer, sentence: string): UnfitServer {
  answer.drop();
  return new UnfitServer(sentence);
}

/** Content-Length may be seen by every page (Fetch, CORS-safelisted response-header name). */
async function sizeByHead(file: HttpFile, first: HttpAnswer): Promise<number> {
  const head = await file.head().catch((error: unknown) => {
    first.drop();
    throw error;
  });
  head.drop();
  const length = Number(head.header('content-length') ?? Number.NaN);
  if (head.status === 200 && Number.isSafeInteger(length)) return length;
  throw dropped(
    first,
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
  if (one.etag !== undefined && other.etag !== undefined) return opaque(one.etag) !== opaque(other.etag);
  return one.modified !== undefined && other.modified !== undefined && one.modified !== other.modified;
}

/** A proxy makes a strong mark a weak one (W/"…") of the same text. */
const opaque = (etag: string): string => etag.replace(/^W\//, '');

/** What to throw for an answer that has no bytes. */
export function refused(answer: HttpAnswer): UnfitServer {
  const isBusy = answer.status === 429 || answer.status >= 500;
  return isBusy ? new Busy(refusal(answer), retryAfter(answer)) : new UnfitServer(refusal(answer));
}

/** Milliseconds, told in seconds or as a date (RFC 9110, 10.2.3). Pages see it only where the server exposes it. */
function retryAfter(answer: HttpAnswer): number | undefined {
  const text = answer.header('retry-after');
  if (text === undefined) return undefined;
  const after = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(after) ? undefined : Math.max(0, after);
}

function refusal(answer: HttpAnswer): string {
  const { status } = answer;
  if (status === 0 || (status >= 300 && status < 400))
    return 'The server sends this address on to another one (a redirect), which is not followed. Give the address that it leads to.';
  if (status === 401 || status === 403)
    return `The server refuses: ${status}. No password and no cookie is sent; the file must be readable by whoever knows its address.`;
  if (status === 404 || status === 410) return `The server has no such file: ${status}.`;
  if (status >= 500 || status === 429) return `The server cannot answer now: ${status}.${wish(retryAfter(answer))}`;
  return `The server answered ${status}, which gives no bytes.`;
}

const wish = (after: number | undefined): string =>
  after === undefined ? '' : ` It asks to be left alone for ${commas(Math.ceil(after / 1000))} seconds.`;

/** Fewer or more bytes than were asked for: packed on the way, or cut. */
export function otherLength(found: number, expected: number): string {
  return `The server gave ${commas(found)} bytes where ${commas(expected)} were asked for: it packs them on the way (Content-Encoding), or the answer was cut. The file must be sent as it is.`;
}
