import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { virtualPage } from '#core/memory/address.ts';
import { packText, unpackText } from '#ui/state/link-text.ts';
import { formatLink, type Link, type LinkedImage, parseLink, upgrade } from '#ui/state/permalink.ts';
import type { HexPane, Place } from '#ui/state/place.ts';
import { remoteAddress } from '#ui/state/remote-address.ts';

const page = fc.integer({ min: 0, max: 2 ** 45 - 1 });
const machine = fc.maxSafeNat().map((value) => value % 2 ** 52);
const offset = fc.integer({ min: 0, max: 4095 });
const hexText = (least: number, most: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: least, maxLength: most });
const id = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const optional = { requiredKeys: [] as never[] };

const image: fc.Arbitrary<LinkedImage> = fc.record(
  { name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), size: fc.maxSafeNat(), fingerprint: hexText(8, 64), sample: id },
  { requiredKeys: ['name', 'size', 'fingerprint'] },
);
const pane: fc.Arbitrary<HexPane> = fc.record(
  {
    id: fc.integer({ min: 0, max: 1_000_000 }),
    space: fc.constantFrom('virtual', 'machine', 'file'),
    follows: fc.constantFrom('selection', 'table'),
    pinned: fc.record({ page: machine, offset }),
    wordBytes: fc.constantFrom(1, 2, 4, 8),
  },
  { requiredKeys: ['id', 'space'] },
);
const place: fc.Arbitrary<Place> = fc.record(
  {
    root: fc.record({ address: machine, mode: fc.constantFrom('32-bit', 'pae', 'pae-under-xen64', '4-level', '5-level') }),
    layoutId: id,
    address: fc.record({ page: page.map(virtualPage), offset }),
    machine,
    window: fc.record({ firstPage: page, pageCount: fc.integer({ min: 1, max: 2 ** 45 }) }),
    panes: fc.array(pane, { maxLength: 8 }),
    view: fc.constantFrom('explorer', 'roots', 'm2p'),
  },
  { requiredKeys: ['address', 'panes', 'view'] },
);
const link: fc.Arbitrary<Link> = fc.record(
  {
    image,
    options: fc.record(
      {
        formatId: id,
        placements: fc.array(fc.record({ page, frame: fc.option(fc.integer({ min: 0, max: 2 ** 40 - 1 })) }), { maxLength: 20 }),
        regions: fc.array(fc.record({ start: machine, fileOffset: machine, length: fc.integer({ min: 1, max: 2 ** 52 }) }), { maxLength: 20 }),
      },
      optional,
    ),
    remoteUrls: fc.array(
      fc.webUrl({ validSchemes: ['http', 'https'] }).filter((url) => typeof remoteAddress(url) !== 'string'),
      { minLength: 1, maxLength: 5 },
    ),
    packedText: fc.stringMatching(/^[A-Za-z0-9_-]{1,200}$/),
    place,
  },
  { requiredKeys: ['options', 'place'] },
) as fc.Arbitrary<Link>;

describe('permalink', () => {
  test('parse(format(link)) is the link, with nothing to note', () => {
    fc.assert(
      fc.property(link, (value) => {
        expect(parseLink(formatLink(value))).toEqual({ link: value, notes: [] });
      }),
      { numRuns: 500 },
    );
  });

  test('no text whatever makes it throw', () => {
    const parts = fc.constantFrom('file', 'size', 'sha', 'at', 'root', 'mode', 'panes', 'window', 'placed', 'regions', 'text', '__proto__', 'x');
    const hostile = fc
      .array(fc.tuple(parts, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 20 })
      .map((pairs) => `#1&${pairs.map(([name, text]) => `${name}=${text}`).join('&')}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), hostile), (text) => {
        const parsed = parseLink(text);
        expect(parsed === undefined || parsed.link.place.panes.length <= 8).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('several images are the files of one dump, all or none of them', () => {
    const images = (urls: readonly string[]) => parseLink(`#1${urls.map((url) => `&image=${encodeURIComponent(url)}`).join('')}`);
    const urls = Array.from({ length: 16 }, (_, part) => `https://a/x.${part}`);
    expect(images(urls)).toMatchObject({ link: { remoteUrls: urls }, notes: [] });
    expect(images([...urls, 'https://b/x'])?.notes).toEqual(["The address of the link's image was left out. More than 16 were given."]);
    expect(images(['https://b/x', 'ftp://no'])?.link.remoteUrls).toBeUndefined();
    expect(images(['ftp://no', 'https://b/x'])?.link.remoteUrls).toBeUndefined();
  });

  test('why an address is none is said', () => {
    expect(parseLink('#1&image=javascript:alert(1)')?.notes).toEqual([
      "The address of the link's image was left out. The address must begin with https:// or http://.",
    ]);
  });

  test('a flipped character loses that part only', () => {
    const parsed = parseLink('#1&file=a.raw&size=4096&sha=0011223344556677&root=127zz60&mode=pae&at=F5800000');
    expect(parsed?.link.image?.name).toBe('a.raw');
    expect(parsed?.link.place.root).toBeUndefined();
    expect(parsed?.link.place.address).toEqual({ page: 0xf5800, offset: 0 });
    expect(parsed?.notes).toEqual(["The link's “root” was not understood and left out."]);
  });

  test('a newer version is used as far as it is known, and said', () => {
    const parsed = parseLink('#7&at=00001abc');
    expect(parsed?.link.place.address).toEqual({ page: 1, offset: 0xabc });
    expect(parsed?.notes[0]).toContain('newer');
  });

  test('upgraders run one after another', () => {
    const upgraders = new Map([
      [1, (parts: ReadonlyMap<string, string>) => new Map([...parts, ['b', '1']])],
      [2, (parts: ReadonlyMap<string, string>) => new Map([...parts, ['c', `${parts.get('b')}2`]])],
    ]);
    expect([...upgrade(1, new Map([['a', '0']]), upgraders)]).toEqual([
      ['a', '0'],
      ['b', '1'],
      ['c', '12'],
    ]);
  });

  test('text travels inside and comes back whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2000 }), async (text) => {
        const packed = await packText(text);
        expect(packed && (await unpackText(packed))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test('damaged packed text is undefined, text too long is refused', async () => {
    expect(await unpackText('AAAA')).toBeUndefined();
    expect(await unpackText('%%')).toBeUndefined();
    const noise = Array.from({ length: 9000 }, (_, i) => ((i * 2654435761) % 4294967296).toString(36)).join('');
    expect(await packText(noise)).toBeUndefined();
  });
});
