import { SheetFrame } from './SheetFrame.tsx';

type Keys = readonly (readonly [keys: string, what: string])[];

const EVERYWHERE: Keys = [
  ['G, Ctrl G', 'go to an address'],
  ['R', 'choose a root'],
  ['L', 'the regions as a list, high to low'],
  ['M', 'the machine-to-physical table, under Xen'],
  ['X', 'what was found of Xen'],
  ['Ctrl K', 'commands'],
  ['Ctrl O', 'open a file'],
  ['Ctrl V', 'open the text on the clipboard'],
  ['Esc, Alt ←', 'back to the last jump'],
  ['Alt →', 'forward again'],
  ['?', 'this list'],
];
const MAP: Keys = [
  ['wheel, W, S', 'zoom in, zoom out'],
  ['drag, A, D', 'move'],
  ['double click', 'fit'],
  ['0', 'the whole space'],
  ['↑, ↓', 'next region'],
  ['N, P', 'next, previous mapped part'],
  ['O', 'open, fold the holes beside the selection'],
];
const TABLES: Keys = [
  ['→, ←', 'open, close'],
  ['↑, ↓, Home, End', 'move'],
  ['., ,', 'next, previous sibling'],
  ['digits', 'slot or address that begins so'],
  ['Enter', 'jump: through a loop to its table'],
  ['F', 'fit the map to the row'],
];
const BYTES: Keys = [
  ['arrows', 'by word'],
  ['Page Up, Page Down', 'by screen'],
  ['Ctrl Home, Ctrl End', 'first, last word of the page'],
  ['Enter', 'follow the word as an address'],
];

/** Every key of the page. */
export function HelpSheet() {
  return (
    <SheetFrame title="Keys" wide>
      <div className="sheet-body">
        <div className="sheet-keys">
          <KeyList title="Everywhere" keys={EVERYWHERE} />
          <KeyList title="Address map" keys={MAP} />
          <KeyList title="Tables" keys={TABLES} />
          <KeyList title="Bytes" keys={BYTES} />
        </div>
        <p className="c">
          Virtual addresses are written in capitals, machine addresses, frames and raw words in small letters; both without 0x. A pane’s border moves
          with the arrow keys. Choosing anywhere moves everywhere; back goes through jumps only.
        </p>
      </div>
    </SheetFrame>
  );
}

function KeyList({ title, keys }: { readonly title: string; readonly keys: Keys }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map(([names, what]) => (
          <div key={names} className="sheet-key">
            <dt>
              {splitKeys(names).map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** "., ," names the keys "." and ",". */
const splitKeys = (names: string): readonly string[] => (names === '., ,' ? ['.', ','] : names.split(', '));
