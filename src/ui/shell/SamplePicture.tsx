const WIDTH = 256;
const HEIGHT = 48;
const SLOTS_A_LINE = 64;

/** 512 slots, 64 a line, one cell each, as the thumbnails draw a table. */
export function SamplePicture({ cells }: { readonly cells: string }) {
  const lines = Math.ceil(cells.length / SLOTS_A_LINE);
  const cellWidth = WIDTH / SLOTS_A_LINE;
  const cellHeight = HEIGHT / lines;
  return (
    <svg className="sample-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <rect className="sample-frame" x=".5" y=".5" width={WIDTH - 1} height={HEIGHT - 1} />
      {[...cells].map((kind, slot) =>
        kind === '.' ? null : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a slot is its index.
            key={slot}
            className={`sample-${kind}`}
            x={(slot % SLOTS_A_LINE) * cellWidth + 0.4}
            y={Math.floor(slot / SLOTS_A_LINE) * cellHeight + 0.6}
            width={cellWidth - 0.8}
            height={cellHeight - 1.2}
          />
        ),
      )}
    </svg>
  );
}
