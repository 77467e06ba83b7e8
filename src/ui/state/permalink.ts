import type { OpenOptions } from '#core/session/contract.ts';
import { formatParts, parseParts } from './permalink-parts.ts';
import type { Place } from './place.ts';

/** What a link says of the image it was made on. */
export interface LinkedImage {
  readonly name: string;
  readonly size: number;
  /** Hex, as `ImageSummary.fingerprint`. */
  readonly fingerprint: string;
  /** Id of one of our own samples, which then needs no file. */
  readonly sample?: string;
}

/** Everything after `#`. Nothing of it is ever sent to a server. */
export interface Link {
  readonly image?: LinkedImage;
  /** How the image was opened, where it was not by default. */
  readonly options: OpenOptions;
  /** Where the image, or each of its files, can be read from, part by part; a host is asked only after the user's yes. */
  readonly remoteUrls?: readonly string[];
  /** A text dump inside the link: deflated, base64url. */
  readonly packedText?: string;
  readonly place: Place;
}

/** Parts of a link by name, undecoded: what upgraders rewrite. */
export type Parts = ReadonlyMap<string, string>;
/** Rewrites the parts of version n as those of n + 1. */
export type Upgraders = ReadonlyMap<number, (parts: Parts) => Parts>;

const VERSION = 1;
/** Version 1 is the first; the next one brings its upgrader here. */
const UPGRADERS: Upgraders = new Map();
/** A link is never longer than this in practice; more is not read. */
const MAX_CHARS = 64_000;

export interface ParsedLink {
  readonly link: Link;
  /** One sentence for each part that was not understood and therefore left out. */
  readonly notes: readonly string[];
}

/** `#1&file=…&at=F5800000`: the text form, without loss. */
export function formatLink(link: Link): string {
  const parts = formatParts(link).map(([name, text]) => `${name}=${encodePart(text)}`);
  return `#${[VERSION, ...parts].join('&')}`;
}

/** Undefined where there is no link at all. Never throws: what is not understood is dropped with a note. */
export function parseLink(hash: string): ParsedLink | undefined {
  const text = hash.replace(/^#/, '').slice(0, MAX_CHARS);
  if (text === '') return undefined;
  const [head = '', ...rest] = text.split('&');
  const version = /^[0-9]{1,6}$/.test(head) ? Number(head) : undefined;
  if (version === undefined) return { ...parseParts(new Map()), notes: ['The link does not begin with a version, so it was not used.'] };
  const newer = version > VERSION ? [`The link was made by a newer Pagewalk (version ${version}); what is known of it was used.`] : [];
  const parsed = parseParts(upgrade(version, partsOf(rest)));
  return { link: parsed.link, notes: [...newer, ...parsed.notes] };
}

/** Brings parts of an older version up to this one, step by step. */
export function upgrade(version: number, parts: Parts, upgraders: Upgraders = UPGRADERS): Parts {
  const step = upgraders.get(version);
  return step ? upgrade(version + 1, step(parts), upgraders) : parts;
}

/** `image` may stand several times, for files that belong together: one on each line. Of any other part the last counts. */
function partsOf(texts: readonly string[]): Parts {
  const parts = new Map<string, string>();
  for (const [name, text] of texts.map(splitPart)) {
    const before = name === 'image' ? parts.get(name) : undefined;
    parts.set(name, before === undefined ? text : `${before}\n${text}`);
  }
  return parts;
}

function splitPart(part: string): [string, string] {
  const equals = part.indexOf('=');
  return equals < 0 ? [part, ''] : [part.slice(0, equals), decodePart(part.slice(equals + 1))];
}

/** Keeps the marks that a fragment may hold, so that a link can be read and typed. */
function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|2C|40|2B)/g, (escaped) => decodeURIComponent(escaped));
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
