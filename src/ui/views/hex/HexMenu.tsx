import { Ellipsis } from 'lucide-react';
import { memo } from 'react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components';
import type { CopyForm } from './hex-copy.ts';

export type MenuAction =
  | `copy-${CopyForm | 'address' | 'link'}`
  | `go-${'virtual' | 'machine' | 'frame'}`
  | `word-${'auto' | '1' | '2' | '4' | '8'}`
  | 'follow-selection'
  | 'follow-table'
  | 'pin'
  | 'add'
  | 'close'
  | 'next'
  | 'previous';

interface Item {
  readonly id: MenuAction;
  readonly text: string;
  readonly key?: string;
}

interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

const COPY: Section = {
  title: 'Copy as',
  items: [
    { id: 'copy-hex', text: 'hex', key: 'Ctrl C' },
    { id: 'copy-c', text: 'C array' },
    { id: 'copy-rust', text: 'Rust array' },
    { id: 'copy-python', text: 'Python bytes' },
    { id: 'copy-markdown', text: 'Markdown rows' },
    { id: 'copy-address', text: 'address' },
    { id: 'copy-link', text: 'link to this byte' },
  ],
};
const GO: Section = {
  title: 'Go to the value here as',
  items: [
    { id: 'go-virtual', text: 'virtual address', key: 'Enter' },
    { id: 'go-machine', text: 'machine address' },
    { id: 'go-frame', text: 'frame number' },
  ],
};
const WORDS: Section = {
  title: 'Words of',
  items: [
    { id: 'word-auto', text: 'what fits the contents' },
    { id: 'word-1', text: '1 byte' },
    { id: 'word-2', text: '2 bytes' },
    { id: 'word-4', text: '4 bytes' },
    { id: 'word-8', text: '8 bytes' },
  ],
};
const PANE: Section = {
  title: 'Pane',
  items: [
    { id: 'next', text: 'next bytes', key: 'N' },
    { id: 'previous', text: 'previous bytes', key: 'P' },
    { id: 'follow-selection', text: 'follow the selection' },
    { id: 'follow-table', text: 'follow its table' },
    { id: 'pin', text: 'pin here' },
    { id: 'add', text: 'add a pane below' },
    { id: 'close', text: 'close this pane' },
  ],
};

interface HexMenuProps {
  readonly canClose: boolean;
  /** Actions marked with a tick, blank between: word size and what is followed. */
  readonly current: string;
  /** Always the same function. */
  readonly onAction: (action: MenuAction) => void;
}

/** Drawn again only when what it marks changes: the pane is drawn at every turn of the wheel. */
export const HexMenu = memo(function HexMenu({ canClose, current, onAction }: HexMenuProps) {
  const ticked = current.split(' ');
  return (
    <MenuTrigger>
      <Button className="hex-more ring-in" aria-label="Copy, go to, words, panes">
        <Ellipsis className="ic" aria-hidden="true" />
      </Button>
      <Popover placement="bottom end" className="hex-popover">
        <Menu className="hex-menu" onAction={(key) => onAction(key as MenuAction)} disabledKeys={canClose ? [] : ['close']} aria-label="Hex pane">
          {[COPY, GO, WORDS, PANE].map((section, i) => (
            <Part key={section.title} section={section} first={i === 0} current={ticked} />
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
});

function Part({ section, first, current }: { readonly section: Section; readonly first: boolean; readonly current: readonly string[] }) {
  return (
    <>
      {!first && <Separator className="hex-menu-line" />}
      <MenuSection>
        <Header className="c">{section.title}</Header>
        {section.items.map((item) => (
          <MenuItem key={item.id} id={item.id} className="hex-menu-item" textValue={item.text}>
            <span className="hex-tick">{current.includes(item.id) ? '✓' : ''}</span>
            <span>{item.text}</span>
            {item.key && <kbd>{item.key}</kbd>}
          </MenuItem>
        ))}
      </MenuSection>
    </>
  );
}
