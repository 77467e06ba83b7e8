import { type FormEvent, useState } from 'react';
import { commas, hex, parseHex } from '#core/base/hex.ts';
import { MACHINE_END } from '#core/memory/address.ts';
import type { MemoryRegion, RegionChoice } from '#core/session/contract.ts';
import { useShell } from '#ui/shell/shell-context.ts';
import { useDeskStore } from '#ui/state/desk.ts';

/** One region as typed: hex digits. */
interface TypedRegion {
  readonly start: string;
  readonly fileOffset: string;
  readonly length: string;
}

const COLUMNS = [
  ['start', 'at address', 'Address'],
  ['fileOffset', 'from byte', 'First byte'],
  ['length', 'bytes (hex)', 'Bytes'],
] as const;
const MOST_REGIONS = 64;

/** Raw memory: where the file's parts lie. A preset is taken at once; rows are typed and then taken together. */
export function FileRegions({ choice, fileSize }: { readonly choice: RegionChoice; readonly fileSize: number }) {
  const { opening, show } = useShell();
  const desk = useDeskStore();
  const take = (regions: readonly MemoryRegion[] | undefined) => {
    const { regions: _, ...options } = desk.getState().options;
    show(undefined);
    opening.reopen(regions ? { ...options, regions } : options);
  };
  return (
    <section>
      <h3>Where the bytes of the file lie</h3>
      <p>{choice.reason}</p>
      <Presets choice={choice} onTake={take} />
      <Editor choice={choice} fileSize={fileSize} onTake={take} />
    </section>
  );
}

type OnTake = (regions: readonly MemoryRegion[] | undefined) => void;

function Presets({ choice, onTake }: { readonly choice: RegionChoice; readonly onTake: OnTake }) {
  const { presets, regions } = choice;
  const current = presets.findIndex((preset) => sameRegions(preset.regions, regions));
  if (presets.length < 2) return null;
  return (
    <p className="sheet-acts">
      <select
        aria-label="Hole below 4 GB"
        className="sheet-select"
        value={current}
        onChange={({ target }) => onTake(presets[Number(target.value)]?.regions)}
      >
        {current < 0 && <option value={-1}>as listed below</option>}
        {presets.map(({ label }, index) => (
          <option key={label} value={index}>
            {label}
          </option>
        ))}
      </select>
      <button type="button" className="btn" onClick={() => onTake(undefined)}>
        Choose by its page tables
      </button>
    </p>
  );
}

function Editor({ choice, fileSize, onTake }: { readonly choice: RegionChoice; readonly fileSize: number; readonly onTake: OnTake }) {
  const [typed, setTyped] = useState<readonly TypedRegion[]>(() => choice.regions.map(typedOf));
  const regions = typed.map(regionOf).filter((region) => region !== undefined);
  const whole = regions.length === typed.length && regions.length > 0;
  const change = (row: number, part: Partial<TypedRegion>) =>
    setTyped(typed.map((region, index) => (index === row ? { ...region, ...part } : region)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) onTake(regions);
  };
  return (
    <form onSubmit={submit}>
      <table className="sheet-table">
        <thead>
          <tr>
            {COLUMNS.map(([key, title]) => (
              <th key={key}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {typed.map((region, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place, and keep it while they are typed
            <RegionRow key={row} region={region} row={row} onChange={change} onRemove={() => setTyped(typed.filter((_, index) => index !== row))} />
          ))}
        </tbody>
      </table>
      <p className="sheet-acts">
        <button
          type="button"
          className="btn"
          disabled={typed.length >= MOST_REGIONS}
          onClick={() => setTyped([...typed, nextRegion(regions, fileSize)])}
        >
          Add a region
        </button>
        <button type="submit" className="btn" disabled={!whole}>
          Read it so
        </button>
        <span className="c">{restText(regions, fileSize)}</span>
      </p>
    </form>
  );
}

interface RowProps {
  readonly region: TypedRegion;
  readonly row: number;
  readonly onChange: (row: number, part: Partial<TypedRegion>) => void;
  readonly onRemove: () => void;
}

function RegionRow({ region, row, onChange, onRemove }: RowProps) {
  return (
    <tr>
      {COLUMNS.map(([key, , name]) => (
        <td key={key}>
          <input
            className="sheet-edit"
            aria-label={`${name} of region ${row + 1}`}
            aria-invalid={!isNumber(key, region[key])}
            value={region[key]}
            onChange={({ target }) => onChange(row, { [key]: target.value })}
          />
        </td>
      ))}
      <td>
        <button type="button" className="btn" aria-label={`Remove region ${row + 1}`} onClick={onRemove}>
          Remove
        </button>
      </td>
    </tr>
  );
}

const typedOf = ({ start, fileOffset, length }: MemoryRegion): TypedRegion => ({
  start: hex(start),
  fileOffset: hex(fileOffset),
  length: hex(length),
});

function isNumber(key: keyof TypedRegion, text: string): boolean {
  const value = parseHex(text);
  return value !== undefined && value < MACHINE_END && (key !== 'length' || value > 0);
}

function regionOf(typed: TypedRegion): MemoryRegion | undefined {
  if (!COLUMNS.every(([key]) => isNumber(key, typed[key]))) return undefined;
  const [start = 0, fileOffset = 0, length = 0] = COLUMNS.map(([key]) => parseHex(typed[key]));
  return { start, fileOffset, length };
}

const endIn = (regions: readonly MemoryRegion[], of: 'start' | 'fileOffset'): number =>
  Math.max(0, ...regions.map((region) => region[of] + region.length));

/** The rest of the file, after the last region's end, at 4 GB or above. */
function nextRegion(regions: readonly MemoryRegion[], fileSize: number): TypedRegion {
  const fileOffset = endIn(regions, 'fileOffset');
  return typedOf({ start: Math.max(2 ** 32, endIn(regions, 'start')), fileOffset, length: Math.max(0, fileSize - fileOffset) });
}

function restText(regions: readonly MemoryRegion[], fileSize: number): string {
  const rest = fileSize - endIn(regions, 'fileOffset');
  if (rest > 0) return `${commas(rest)} bytes of the file after the last region are left out`;
  return rest < 0 ? `the regions end ${commas(-rest)} bytes after the file` : 'the regions end where the file does';
}

const sameRegions = (a: readonly MemoryRegion[], b: readonly MemoryRegion[]): boolean =>
  a.length === b.length && a.every((region, index) => COLUMNS.every(([key]) => region[key] === b[index]?.[key]));
