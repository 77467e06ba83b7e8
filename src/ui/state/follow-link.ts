import type { DeskStore } from './desk.ts';
import { fitPlace } from './first-look.ts';
import { unpackText } from './link-text.ts';
import type { Opening, OpenRequest } from './opening.ts';
import { type Link, type LinkedImage, parseLink } from './permalink.ts';
import type { Recent } from './recents.ts';
import { remoteGiven } from './remote-given.ts';
import { sampleById, sampleUrl } from './samples.ts';

interface Following {
  readonly desk: DeskStore;
  readonly opening: Opening;
  readonly recents: () => Promise<readonly Recent[]>;
}

/** Goes where a link says: within the image in view, by opening what needs no file, else by asking for the file. */
export async function followLink(hash: string, following: Following): Promise<void> {
  const { desk, opening } = following;
  const parsed = parseLink(hash);
  if (!parsed) return;
  const { link, notes } = parsed;
  if (notes.length > 0) desk.getState().tell('Part of the link was not used', notes.join(' '));
  if (isInView(link, following)) return showPlace(link, desk);
  const request = await requestOf(link, opening);
  if (request) return opening.open(request);
  if (link.image) await askForFile(link, link.image, following);
}

function isInView(link: Link, { desk }: Following): boolean {
  const { image, options } = desk.getState();
  return image !== undefined && link.image?.fingerprint === image.fingerprint && JSON.stringify(link.options) === JSON.stringify(options);
}

/** Back and forward within one image: no new history entry, whatever phase the page is in. */
function showPlace(link: Link, desk: DeskStore): void {
  desk.setState({ phase: { kind: 'open' } });
  desk.getState().look({ machine: undefined, window: undefined, layoutId: undefined, root: undefined, ...fitPlace(link.place) });
}

/** How to open the link's image without asking; undefined where only the user has it. */
async function requestOf(link: Link, opening: Opening): Promise<OpenRequest | undefined> {
  const common = { options: link.options, place: link.place, jump: false, ...(link.image ? { wanted: link.image } : {}) };
  const seen = link.image && opening.seen(link.image.fingerprint);
  if (seen) return { ...seen, ...common };
  const remote = remoteGiven(link.remoteUrls ?? []);
  if (remote) return { ...common, given: remote };
  const sample = sampleById(link.image?.sample);
  if (sample) return { ...common, given: { kind: 'sample', url: sampleUrl(sample), name: sample.file }, sample: sample.id };
  const text = link.packedText === undefined ? undefined : await unpackText(link.packedText);
  if (text === undefined || link.packedText === undefined) return undefined;
  return { ...common, given: { kind: 'text', text, name: link.image?.name ?? 'text from the link' }, packedText: link.packedText };
}

async function askForFile(link: Link, wanted: LinkedImage, { desk, recents }: Following): Promise<void> {
  const known = (await recents()).find((recent) => recent.fingerprint === wanted.fingerprint);
  desk.setState({ phase: { kind: 'link', wanted, place: fitPlace(link.place), options: link.options, remembered: known?.handle !== undefined } });
}
