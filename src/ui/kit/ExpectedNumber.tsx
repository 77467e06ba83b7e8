import { hex } from '#core/base/hex.ts';
import { Digits } from './Digits.tsx';

interface ExpectedNumberProps {
  readonly frame: number;
  /** Least digits. */
  readonly digits?: number;
}

export const WHY_EXPECTED = 'expected: the kernel’s first mapping has guest frames in order; no M2P word in this dump says so';

/** A PFN that nothing in the dump says, but that the guest's builder must have given: outlined, not filled. */
export function ExpectedNumber({ frame, digits }: ExpectedNumberProps) {
  return (
    <span className="expected" title={WHY_EXPECTED}>
      <Digits text={hex(frame, digits)} />
      <span className="visually-hidden"> expected</span>
    </span>
  );
}
