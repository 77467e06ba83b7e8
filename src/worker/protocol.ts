import type { Progress } from '#core/base/task.ts';
import type { Traffic } from '#core/memory/remote/traffic.ts';
import type { Part, SweptPart } from '#core/roots/sweep-part.ts';
import type { ImageSummary, OpenOptions, Questions } from '#core/session/contract.ts';

/** What the user gave to be opened. Plain data that crosses to the worker; a File crosses as a handle, without its bytes. */
export type Given =
  /** `others`: files given together with it, as a .vmss with its .vmem, or all of a split dump. */
  | { readonly kind: 'file'; readonly file: File; readonly others?: readonly File[] }
  | { readonly kind: 'text'; readonly text: string; readonly name: string }
  /** A file behind a server, read in parts, or several that belong together; the user has said yes to each host. */
  | ({ readonly kind: 'remote'; readonly others?: readonly AddressedFile[] } & AddressedFile)
  /** A file of our own, shipped beside the page. */
  | { readonly kind: 'sample'; readonly url: string; readonly name: string };

interface AddressedFile {
  readonly url: string;
  readonly name: string;
}

export const nameOf = (given: Given): string => (given.kind === 'file' ? given.file.name : given.name);

export type QuestionName = keyof Questions;

/** What the worker offers the page. One worker holds one dump. */
export interface Reader {
  /** @param tellTraffic Told now and then, as long as it is open, what was fetched of an image behind a server. */
  open(given: Given, options: OpenOptions, report: (progress: Progress) => void, tellTraffic: (traffic: Traffic) => void): Promise<ImageSummary>;
  /** Arguments and answer are those of `Questions[name]`; typed by the client's proxy. */
  ask(name: QuestionName, parameters: readonly unknown[]): Promise<unknown>;
  /** Opens a dump only to sweep parts of it for roots: how many frames it holds. */
  openToSweep(given: Given, options: OpenOptions): Promise<number>;
  /** See `sweepPart`. */
  sweep(part: Part): Promise<SweptPart>;
  /** Stops the long job under way, if any: it rejects with `Cancelled`. */
  cancel(): void;
  /** Answers at once; silence means that the worker hangs or is gone. */
  ping(): true;
}
