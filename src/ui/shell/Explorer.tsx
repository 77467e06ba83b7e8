import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { useDesk } from '#ui/state/desk.ts';
import { browserMemory } from './browser-memory.ts';
import { ViewPane } from './ViewPane.tsx';

/** Sizes in px of a first visit: the design at 1440, and what a narrow window leaves. */
const WIDE = { map: 324, right: 536, bottom: 264, passport: 140 } as const;
const NARROW = { map: 232, right: 332, bottom: 240, passport: 92 } as const;
/** From 1900 the type is larger too. */
const WIDEST = { map: 430, right: 740, bottom: 300, passport: 180 } as const;
const NARROW_BELOW = 1180;
const WIDEST_FROM = 1900;

type Width = 'narrow' | 'wide' | 'widest';
const SIZES = { narrow: NARROW, wide: WIDE, widest: WIDEST } as const;

function widthOf(pixels: number): Width {
  if (pixels <= NARROW_BELOW) return 'narrow';
  return pixels < WIDEST_FROM ? 'wide' : 'widest';
}

/** Sizes differ by window, so a split made in a narrow window is not forced on a wide one. */
function useSplit(name: string, panels: readonly string[], width: Width) {
  const id = `pagewalk-split-${name}-${width}`;
  return { id, ...useDefaultLayout({ id, panelIds: [...panels], storage: browserMemory, onlySaveAfterUserInteractions: true }) };
}

/** The explorer: map, tree and bytes above; walk and what-it-is below. Borders are dragged, or moved by arrow keys. */
export function Explorer() {
  const width = widthOf(window.innerWidth);
  const size = SIZES[width];
  const name = useDesk((desk) => desk.image?.name);
  const { onLayoutChange: _, ...split } = useSplit('columns', ['left', 'right'], width);
  return (
    <main className="explorer">
      <h1 className="visually-hidden">{name}</h1>
      <Group {...split} orientation="horizontal">
        <Panel id="left" minSize={420}>
          <LeftColumn width={width} />
        </Panel>
        <Separator className="border" aria-label="Border between tables and bytes" />
        <Panel id="right" defaultSize={size.right} minSize={280} groupResizeBehavior="preserve-pixel-size">
          <RightColumn width={width} />
        </Panel>
      </Group>
    </main>
  );
}

function LeftColumn({ width }: { readonly width: Width }) {
  const size = SIZES[width];
  const { onLayoutChange: _, ...rows } = useSplit('left', ['top', 'walk'], width);
  const { onLayoutChange: __, ...top } = useSplit('top', ['map', 'tree'], width);
  return (
    <Group {...rows} orientation="vertical">
      <Panel id="top" minSize={160}>
        <Group {...top} orientation="horizontal">
          <Panel id="map" defaultSize={size.map} minSize={190} groupResizeBehavior="preserve-pixel-size">
            <ViewPane id="map" />
          </Panel>
          <Separator className="border" aria-label="Border between map and tables" />
          <Panel id="tree" minSize={220}>
            <ViewPane id="tree" />
          </Panel>
        </Group>
      </Panel>
      <Separator className="border" aria-label="Border between tables and walk" />
      <Panel id="walk" defaultSize={size.bottom} minSize={80} groupResizeBehavior="preserve-pixel-size">
        <ViewPane id="walk" />
      </Panel>
    </Group>
  );
}

function RightColumn({ width }: { readonly width: Width }) {
  const size = SIZES[width];
  const { onLayoutChange: _, ...rows } = useSplit('right', ['hex', 'passport', 'why'], width);
  return (
    <Group {...rows} orientation="vertical">
      <Panel id="hex" minSize={140}>
        <ViewPane id="hex" />
      </Panel>
      <Separator className="border" aria-label="Border between bytes and frame" />
      <Panel id="passport" defaultSize={size.passport} minSize={30} groupResizeBehavior="preserve-pixel-size">
        <ViewPane id="passport" />
      </Panel>
      <Separator className="border" aria-label="Border between frame and what it is" />
      <Panel id="why" defaultSize={size.bottom} minSize={80} groupResizeBehavior="preserve-pixel-size">
        <ViewPane id="why" />
      </Panel>
    </Group>
  );
}
