import './sheets.css';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Icon } from '#ui/kit/Icon.tsx';
import { useShell } from '#ui/shell/shell-context.ts';

/** A sheet over the page: focus stays inside, Esc or a click beside it puts it away. */
export function SheetFrame({ title, wide, children }: { readonly title: string; readonly wide?: boolean; readonly children: ReactNode }) {
  const { show } = useShell();
  return (
    <ModalOverlay className="sheet-over" isOpen isDismissable onOpenChange={(open) => open || show(undefined)}>
      <Modal className={wide ? 'sheet sheet-wide' : 'sheet'}>
        <Dialog className="sheet-in">
          <header className="sheet-head">
            <Heading slot="title">{title}</Heading>
            <span className="spring" />
            <button type="button" className="ctl ghost sq" aria-label="Close" onClick={() => show(undefined)}>
              <Icon name="close" />
            </button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
