import { commas, hex } from '#core/base/hex.ts';
import type { BytePage } from '#core/session/contract.ts';
import { entryFacts, isTable, type Paging, slotAt } from './entry-facts.ts';
import { type AddressFace, addressText } from './hex-address.ts';
import { ASSUMED_ZERO, PAGE_BYTES, presenceCodes } from './hex-rows.ts';
import { decimalText, textOf, type WordBytes, wordAt } from './hex-words.ts';
import { xenWordAt } from './xen-words.ts';

/** Where the bytes shown come from, if not from the frame itself. */
export function HexNote({ note }: { readonly note: string | undefined }) {
  return note === undefined ? null : <p className="hex-note">{note}</p>;
}

interface InspectorProps {
  readonly page: BytePage | undefined;
  readonly offset: number;
  readonly face: AddressFace;
  readonly paging: Paging;
  /** What the line says where there is no word. */
  readonly otherwise: string;
}

/** The word under the keyboard, always in sight: an entry decoded, other bytes as numbers and text. */
export function HexInspector({ page, offset, face, paging, otherwise }: InspectorProps) {
  const slot = page && isTable(page) ? slotAt(page, offset) : undefined;
  const known = page !== undefined && isKnown(page, offset);
  return (
    <div className="hex-inspector">
      {page && known ? (
        <>
          <Address face={face} page={page.page} offset={offset} />
          {isTable(page) && slot !== undefined ? <EntryLine page={page} slot={slot} paging={paging} /> : <WordLine page={page} offset={offset} />}
        </>
      ) : (
        <span className="c" title={otherwise}>
          {otherwise}
        </span>
      )}
    </div>
  );
}

function isKnown(page: BytePage, offset: number): boolean {
  return (presenceCodes(page)[offset] ?? ASSUMED_ZERO) < ASSUMED_ZERO;
}

function Address({ face, page, offset }: { readonly face: AddressFace; readonly page: number; readonly offset: number }) {
  const { zeros, digits } = addressText(face, page, offset);
  return (
    <span className="n">
      <i className="z">{zeros}</i>
      {digits}
    </span>
  );
}

function EntryLine({ page, slot, paging }: { readonly page: Parameters<typeof entryFacts>[0]; readonly slot: number; readonly paging: Paging }) {
  const facts = entryFacts(page, slot, paging);
  const set = facts.bits.filter((bit) => bit.value === 1).map((bit) => bit.name);
  return (
    <>
      <span>
        slot {commas(slot)} maps <b className="n">{facts.mapsText}</b>
      </span>
      {set.length > 0 && <span className="n">{set.join(' ')}</span>}
      <span className="hex-rest">{facts.what}</span>
    </>
  );
}

/** What Xen's structures say of the word, if it is one of theirs; else its numbers. */
function WordLine({ page, offset }: { readonly page: BytePage; readonly offset: number }) {
  const word = xenWordAt(page, offset);
  if (!word) return <Numbers page={page} offset={offset} />;
  return (
    <>
      <span className="n">{word.name}</span>
      <b className="n">{word.value}</b>
      <span className="hex-rest" title={word.meaning}>
        {word.meaning}
      </span>
    </>
  );
}

const SIZES: readonly WordBytes[] = [1, 2, 4, 8];

/** Little-endian, unsigned, in decimal; the hex is above. Only sizes whose bytes are all known and on this page. */
function Numbers({ page, offset }: { readonly page: BytePage; readonly offset: number }) {
  const codes = presenceCodes(page);
  const whole = (size: number) => offset + size <= PAGE_BYTES && codes.subarray(offset, offset + size).every((code) => code < ASSUMED_ZERO);
  const longest = [...SIZES].reverse().find(whole) ?? 1;
  return (
    <span className="hex-numbers">
      {SIZES.filter(whole).map((size) => (
        <span key={size} className={`hex-u hex-u${size}`}>
          <i className="c">u{size * 8}</i> <span className="n">{decimalText(wordAt(page.bytes, offset, size))}</span>
        </span>
      ))}
      <span className="n hex-rest" title={`text of ${longest} bytes from ${hex(offset, 3)}`}>
        {textOf(page.bytes.subarray(offset, offset + longest))}
      </span>
    </span>
  );
}
