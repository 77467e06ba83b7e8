/** Paints a canvas whose size is set, in device pixels; `scale` of them make a CSS pixel. */
export type Paint = (context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, scale: number) => void;

const waiting = new Map<HTMLCanvasElement, Paint>();

/**
 * Paints an empty canvas as large as its box before the next frame is shown, together with all others asked for until then: their sizes
 * are read first and then written, so that the page is laid out once and not once a canvas, and by the frame itself.
 */
export function paintSoon(canvas: HTMLCanvasElement, paint: Paint): void {
  if (waiting.size === 0) requestAnimationFrame(paintWaiting);
  waiting.set(canvas, paint);
}

function paintWaiting(): void {
  const pictures = [...waiting];
  waiting.clear();
  const scale = Math.max(1, globalThis.devicePixelRatio || 1);
  const sizes = pictures.map(([canvas]) => [canvas.clientWidth, canvas.clientHeight].map((size) => Math.max(1, Math.round(size * scale))));
  pictures.forEach(([canvas, paint], i) => {
    const [width = 1, height = 1] = sizes[i] ?? [];
    const context = emptied(canvas, width, height);
    if (context) paint(context, canvas, scale);
  });
}

/** A canvas given a size, even its own, is made anew; keeping the old one is far cheaper. */
function emptied(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context?.clearRect(0, 0, width, height);
  return context;
}
