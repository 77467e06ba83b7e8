import type { ReactNode } from 'react';
import { hex } from '#core/base/hex.ts';
import type { Target } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';

interface PlaceButtonProps {
  readonly target: Target;
  readonly title: string;
  /** The toolbar's Tab stop until the arrow keys move it. */
  readonly first?: boolean;
  readonly children: ReactNode;
}

/** A number that leads somewhere: a click or Enter is a deliberate jump. */
export function PlaceButton({ target, title, first = false, children }: PlaceButtonProps) {
  const jump = useDesk((desk) => desk.jump);
  return (
    <button type="button" className="walk-go" tabIndex={first ? 0 : -1} title={title} onClick={() => jump(target)}>
      {children}
    </button>
  );
}

/** A machine byte as frame:offset, "fb14f:d60". */
export function machinePlace(address: number): string {
  return `${hex(Math.floor(address / 4096))}:${hex(address % 4096, 3)}`;
}
