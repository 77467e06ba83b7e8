/** A place of a text: a virtual one as (page, offset), since 57-bit addresses are not exact in a double; a machine one likewise. */
export interface TextPlace {
  readonly page: number;
  /** Byte in the page, 0 … 4095. */
  readonly offset: number;
}

/** Something a text says besides rows of memory. `line` is 1-based. */
export type TextAnnotation =
  /** A command as typed, after its prompt: what the rows below it answer. */
  | { readonly kind: 'command'; readonly line: number; readonly text: string }
  /** A debugger was told to copy. `returned`: false where it hung or failed, so nothing is known to have been copied. */
  | {
      readonly kind: 'copy';
      readonly line: number;
      readonly from: TextPlace;
      readonly to: TextPlace;
      readonly length: number;
      readonly by: string;
      readonly returned: boolean;
    }
  /** A debugger was told to fill with zeros. */
  | {
      readonly kind: 'clear';
      readonly line: number;
      readonly to: TextPlace;
      readonly length: number;
      readonly by: string;
      readonly returned: boolean;
    }
  /** What a debugger printed for `$name`; `question` is the command it answers, if there was one. */
  | { readonly kind: 'value'; readonly line: number; readonly name: string; readonly value: string; readonly question?: string }
  /** A tool said that it could not read: `place` is undefined for a machine frame number out of any range. */
  | { readonly kind: 'unreadable'; readonly line: number; readonly space: 'virtual' | 'machine'; readonly digits: string; readonly text: string };
