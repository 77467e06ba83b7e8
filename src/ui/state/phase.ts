import type { Progress } from '#core/base/task.ts';
import type { ImageSummary, OpenOptions } from '#core/session/contract.ts';
import type { LinkedImage } from './permalink.ts';
import type { Place } from './place.ts';
import type { RemoteAddress } from './remote-address.ts';

/** Where the page is between nothing and an open dump. An image may be in view in every phase: the old stays until the new is there. */
export type Phase =
  | { readonly kind: 'empty' }
  | { readonly kind: 'opening'; readonly name: string; readonly progress: Progress | undefined }
  | Failure
  /** A link names an image that is not open and that this browser cannot open by itself. */
  | { readonly kind: 'link'; readonly wanted: LinkedImage; readonly place: Place; readonly options: OpenOptions; readonly remembered: boolean }
  /** A link or the user names an image behind hosts that have not been allowed: nothing has been asked of them. `addresses`: all of the image. */
  | { readonly kind: 'ask-host'; readonly addresses: readonly RemoteAddress[]; readonly hosts: readonly string[] }
  /** The image given is not the one that the link names. */
  | { readonly kind: 'other-file'; readonly wanted: LinkedImage; readonly chosen: ImageSummary }
  | { readonly kind: 'open' };

export interface Failure {
  readonly kind: 'failed';
  readonly name: string;
  readonly title: string;
  readonly reason: string;
  readonly advice: string;
  /** True where the same bytes may be opened as plain memory instead. */
  readonly rawIsPossible?: boolean;
  /** True where the same may work the next time: a server. */
  readonly retryIsPossible?: boolean;
}

/** Something that happened and that the user should know; stays until put away. */
export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly text: string;
}
