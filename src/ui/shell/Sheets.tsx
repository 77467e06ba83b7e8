import { type ComponentType, lazy, Suspense } from 'react';
import type { Sheet } from '#ui/state/sheet.ts';

/** Sheets are fetched when first shown. */
const SHEETS: Readonly<Record<Sheet, ComponentType>> = {
  help: lazy(async () => ({ default: (await import('./sheets/HelpSheet.tsx')).HelpSheet })),
  palette: lazy(async () => ({ default: (await import('./sheets/PaletteSheet.tsx')).PaletteSheet })),
  image: lazy(async () => ({ default: (await import('./sheets/ImageSheet.tsx')).ImageSheet })),
  paste: lazy(async () => ({ default: (await import('./sheets/PasteSheet.tsx')).PasteSheet })),
  remote: lazy(async () => ({ default: (await import('./sheets/RemoteSheet.tsx')).RemoteSheet })),
  m2p: lazy(async () => ({ default: (await import('./sheets/M2pSheet.tsx')).M2pSheet })),
  plan: lazy(async () => ({ default: (await import('./sheets/PlanSheet.tsx')).PlanSheet })),
  tour: lazy(async () => ({ default: (await import('./tours/TourSheet.tsx')).TourSheet })),
  regions: lazy(async () => ({ default: (await import('./sheets/RegionsSheet.tsx')).RegionsSheet })),
  xen: lazy(async () => ({ default: (await import('./sheets/XenSheet.tsx')).XenSheet })),
  capsule: lazy(async () => ({ default: (await import('./sheets/CapsuleSheet.tsx')).CapsuleSheet })),
  link: lazy(async () => ({ default: (await import('./sheets/LinkSheet.tsx')).LinkSheet })),
};

export function Sheets({ sheet }: { readonly sheet: Sheet | undefined }) {
  if (!sheet) return null;
  const Body = SHEETS[sheet];
  return (
    <Suspense fallback={null}>
      <Body />
    </Suspense>
  );
}
