import { Autocomplete, Dialog, Input, ListBox, ListBoxItem, Modal, ModalOverlay, TextField, useFilter } from 'react-aria-components';
import './sheets.css';
import { Icon } from '#ui/kit/Icon.tsx';
import { type Command, commandsFor } from '#ui/shell/commands.ts';
import { useShell } from '#ui/shell/shell-context.ts';
import { useDeskStore } from '#ui/state/desk.ts';

/** Every command by name, with its key beside it. */
export function PaletteSheet() {
  const shell = useShell();
  const desk = useDeskStore();
  const { contains } = useFilter({ sensitivity: 'base' });
  const commands = commandsFor(shell, desk);
  const run = (id: string) => {
    shell.show(undefined);
    commands.find((command) => command.id === id)?.run();
  };
  return (
    <ModalOverlay className="sheet-over" isOpen isDismissable onOpenChange={(open) => open || shell.show(undefined)}>
      <Modal className="sheet">
        <Dialog className="sheet-in" aria-label="Commands">
          <Autocomplete filter={contains}>
            <TextField className="palette-field" aria-label="Find a command" autoFocus>
              <Icon name="menu" />
              <Input placeholder="Find a command" />
              <kbd>Ctrl K</kbd>
            </TextField>
            <ListBox<Command>
              className="palette-list"
              aria-label="Commands"
              items={commands}
              onAction={(key) => run(String(key))}
              renderEmptyState={() => <p className="c palette-none">No command is called that.</p>}
            >
              {(command) => (
                <ListBoxItem id={command.id} className="palette-item" textValue={command.title}>
                  {command.title}
                  <span className="spring" />
                  {command.keys && <kbd>{command.keys}</kbd>}
                </ListBoxItem>
              )}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
