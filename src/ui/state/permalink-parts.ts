import * as v from 'valibot';
import { FRAME_END, MACHINE_END, virtualPage } from '#core/memory/address.ts';
import type { Link, ParsedLink, Parts } from './permalink.ts';
import { firstPlace, type HexPane, type Place } from './place.ts';
import { remoteAddress } from './remote-address.ts';
import { MOST_ADDRESSES } from './remote-given.ts';

const MAX_PANES = 8;
const MAX_PLACEMENTS = 4096;
const MAX_REGIONS = 64;

const hex = (most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{1,14}$/i),
    v.transform((digits) => Number.parseInt(digits, 16)),
    v.maxValue(most),
  );
const decimal = (most: number) => v.pipe(v.string(), v.regex(/^[0-9]{1,16}$/), v.transform(Number), v.maxValue(most));
/** As `v.picklist`, but takes any string. */
const oneOf = <T extends string>(...words: readonly T[]) =>
  v.pipe(
    v.string(),
    v.check((text) => words.some((word) => word === text)),
    v.transform((text) => text as T),
  );
const PAGE = hex(2 ** 45 - 1);
const FRAME = hex(FRAME_END - 1);
const MACHINE = hex(MACHINE_END - 1);
const OFFSET = hex(4095);

/** Named groups of a pattern that matches the whole text; none where it does not match. */
const groupsOf = <Groups extends object>(pattern: RegExp) => v.transform((text: string) => ({ ...pattern.exec(text)?.groups }) as Groups);

const list = <Item>(item: v.GenericSchema<string, Item>, most: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => (text === '' ? [] : text.split(','))),
    v.array(item),
    v.maxLength(most),
  );

const ADDRESS = v.pipe(
  v.string(),
  groupsOf<{ page: string; offset: string }>(/^(?<page>[0-9a-f]+)(?<offset>[0-9a-f]{3})$/i),
  v.object({ page: PAGE, offset: OFFSET }),
);
const WINDOW = v.pipe(
  v.string(),
  groupsOf<{ firstPage: string; pageCount: string }>(/^(?<firstPage>[0-9a-f]+)\+(?<pageCount>[0-9a-f]+)$/i),
  v.object({ firstPage: PAGE, pageCount: v.pipe(hex(2 ** 45), v.minValue(1)) }),
);
const PLACEMENT = v.pipe(
  v.string(),
  groupsOf<{ page: string; frame: string }>(/^(?<page>[0-9a-f]+):(?<frame>[0-9a-f]+|none)$/i),
  v.object({
    page: PAGE,
    frame: v.union([
      v.pipe(
        v.literal('none'),
        v.transform(() => null),
      ),
      FRAME,
    ]),
  }),
);
const REGION = v.pipe(
  v.string(),
  groupsOf(/^(?<start>[0-9a-f]+):(?<fileOffset>[0-9a-f]+)\+(?<length>[0-9a-f]+)$/i),
  v.object({ start: MACHINE, fileOffset: MACHINE, length: v.pipe(hex(MACHINE_END), v.minValue(1)) }),
);
const PANE = v.pipe(
  v.string(),
  groupsOf(/^(?<id>[0-9]+):(?<space>[a-z]+)(?:~(?<follows>[a-z]+))?(?:@(?<page>[0-9a-f]+)\.(?<offset>[0-9a-f]+))?(?:\*(?<wordBytes>[0-9]))?$/i),
  v.object({
    id: decimal(1_000_000),
    space: oneOf('virtual', 'machine', 'file'),
    follows: v.optional(oneOf('selection', 'table')),
    page: v.optional(hex(2 ** 52 - 1)),
    offset: v.optional(OFFSET),
    wordBytes: v.optional(
      v.pipe(
        oneOf('1', '2', '4', '8'),
        v.transform((digit) => Number(digit) as 1 | 2 | 4 | 8),
      ),
    ),
  }),
);

const REMOTE = v.pipe(
  v.string(),
  v.check((text) => typeof remoteAddress(text) !== 'string'),
);

/** Every part a link may have. Anything else in it is noted and left out. */
const PART_SCHEMAS = {
  file: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  size: decimal(Number.MAX_SAFE_INTEGER),
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/)),
  sample: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  image: v.pipe(
    v.string(),
    v.transform((text) => text.split('\n')),
    v.array(REMOTE),
    v.maxLength(MOST_ADDRESSES),
  ),
  format: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  placed: list(PLACEMENT, MAX_PLACEMENTS),
  regions: list(REGION, MAX_REGIONS),
  text: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/)),
  root: MACHINE,
  mode: v.picklist(['32-bit', 'pae', 'pae-under-xen64', '4-level', '5-level']),
  layout: v.pipe(v.string(), v.regex(/^[a-z0-9.-]{1,60}$/i)),
  at: ADDRESS,
  byte: MACHINE,
  window: WINDOW,
  panes: list(PANE, MAX_PANES),
  view: v.picklist(['explorer', 'roots', 'm2p']),
} as const;

type PartName = keyof typeof PART_SCHEMAS;
type Values = { [Name in PartName]?: v.InferOutput<(typeof PART_SCHEMAS)[Name]> };

export function parseParts(parts: Parts): ParsedLink {
  const values: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const [name, text] of parts) {
    const result = isPartName(name) ? v.safeParse(PART_SCHEMAS[name], text) : undefined;
    if (result?.success) values[name] = result.output;
    else notes.push(noteOn(name, text));
  }
  return { link: linkOf(values), notes };
}

function noteOn(name: string, text: string): string {
  if (name === 'image') {
    const fault = text
      .split('\n')
      .map(remoteAddress)
      .find((address) => typeof address === 'string');
    return `The address of the link's image was left out. ${typeof fault === 'string' ? fault : `More than ${MOST_ADDRESSES} were given.`}`;
  }
  return `The link's “${name.slice(0, 20)}” was not understood and left out.`;
}

const isPartName = (name: string): name is PartName => Object.hasOwn(PART_SCHEMAS, name);

function linkOf(values: Values): Link {
  const image =
    values.file !== undefined && values.size !== undefined && values.sha !== undefined
      ? { name: values.file, size: values.size, fingerprint: values.sha, ...given({ sample: values.sample }) }
      : undefined;
  const options = given({ formatId: values.format, placements: values.placed, regions: values.regions });
  return { ...given({ image, remoteUrls: values.image, packedText: values.text }), options, place: placeOf(values) };
}

function placeOf(values: Values): Place {
  const root = values.root !== undefined && values.mode !== undefined ? { address: values.root, mode: values.mode } : undefined;
  const address = values.at ? { page: virtualPage(values.at.page), offset: values.at.offset } : firstPlace.address;
  const panes = values.panes?.map(paneOf) ?? firstPlace.panes;
  return {
    ...given({ root, layoutId: values.layout, machine: values.byte, window: values.window }),
    address,
    panes,
    view: values.view ?? firstPlace.view,
  };
}

function paneOf(pane: v.InferOutput<typeof PANE>): HexPane {
  const { id, space, follows, page, offset, wordBytes } = pane;
  const pinned = page !== undefined && offset !== undefined ? { page, offset } : undefined;
  return { id, space, ...given({ follows, pinned, wordBytes }) };
}

/** Leaves out what is undefined, as exact optional properties want it. */
function given<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}

// ── to text ──────────────────────────────────────────────────────────────────────────────────────────────────

export function formatParts(link: Link): readonly (readonly [PartName, string])[] {
  const { image, options, place } = link;
  const parts: readonly (readonly [PartName, string | undefined])[] = [
    ['file', image?.name],
    ['size', image?.size.toString()],
    ['sha', image?.fingerprint],
    ['sample', image?.sample],
    ...(link.remoteUrls ?? []).map((url) => ['image', url] as const),
    ['format', options.formatId],
    ['placed', options.placements?.map(({ page, frame }) => `${upper(page)}:${frame === null ? 'none' : lower(frame)}`).join(',')],
    ['regions', options.regions?.map(({ start, fileOffset, length }) => `${lower(start)}:${lower(fileOffset)}+${lower(length)}`).join(',')],
    ['root', place.root && lower(place.root.address)],
    ['mode', place.root?.mode],
    ['layout', place.layoutId],
    ['at', upper(place.address.page) + upper(place.address.offset).padStart(3, '0')],
    ['byte', place.machine === undefined ? undefined : lower(place.machine)],
    ['window', place.window && `${upper(place.window.firstPage)}+${upper(place.window.pageCount)}`],
    ['panes', place.panes.map(paneText).join(',')],
    ['view', place.view === 'explorer' ? undefined : place.view],
    ['text', link.packedText],
  ];
  return parts.filter((part): part is readonly [PartName, string] => part[1] !== undefined);
}

function paneText({ id, space, follows, pinned, wordBytes }: HexPane): string {
  const pin = pinned ? `@${upper(pinned.page)}.${upper(pinned.offset)}` : '';
  return `${id}:${space}${follows ? `~${follows}` : ''}${pin}${wordBytes ? `*${wordBytes}` : ''}`;
}

/** Case tells the space: virtual pages in capitals, machine numbers small. */
const upper = (value: number) => value.toString(16).toUpperCase();
const lower = (value: number) => value.toString(16);
