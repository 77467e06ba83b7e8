import type { ShownBit } from './walk-bits.ts';

/** The named bits of an entry: figure above, name below; one that refuses is red. */
export function BitFields({ bits }: { readonly bits: readonly ShownBit[] }) {
  return (
    <span className="bits walk-field">
      {bits.map((bit) => (
        <span key={bit.bit} className={classOf(bit)} title={`${bit.name} ${bit.value}, bit ${bit.bit}: ${bit.meaning} (${bit.source})`}>
          <b>{bit.value}</b>
          {bit.name}
        </span>
      ))}
    </span>
  );
}

function classOf(bit: ShownBit): string {
  return [bit.value === 1 ? 'on' : 'off', bit.refuses ? 'stop' : '', bit.minor ? 'walk-minor' : ''].filter((name) => name !== '').join(' ');
}
