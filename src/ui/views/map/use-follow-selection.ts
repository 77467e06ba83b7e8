import { useEffect, useRef } from 'react';
import { useDesk } from '#ui/state/desk.ts';
import type { MapModel } from './map-model.ts';
import { bringIn, holds, isWhole } from './viewport.ts';

/** Moves a zoomed window after the selection when that was moved elsewhere; never when the user moves the window itself. */
export function useFollowSelection(model: MapModel): void {
  const look = useDesk((desk) => desk.look);
  const { window, mode, address } = model;
  const before = useRef(address.page);
  useEffect(() => {
    if (before.current === address.page) return;
    before.current = address.page;
    if (isWhole(window, mode.pageCount) || holds(window, address.page)) return;
    look({ window: bringIn(window, address.page, mode.pageCount) });
  }, [address.page, window, mode.pageCount, look]);
}
