/** Marks of the tree, 16 × 16, drawn in the colour of what they stand beside. */
const icon = (path: string) => () => (
  <svg className="ic" viewBox="0 0 16 16" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const OpenMark = icon('M4 6l4 4 4-4');
export const ClosedMark = icon('M6 4l4 4-4 4');
/** Names a table that is already above: a loop. */
export const LoopMark = icon('M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.6h-2.6');
/** Several slots that meet in one thing. */
export const SharedMark = icon('M2.5 4h4.5M2.5 8h4.5M2.5 12h4.5M7 4l5.5 4M7 8h5.5M7 12l5.5-4');
