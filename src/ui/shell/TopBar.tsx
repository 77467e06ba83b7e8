import { useSyncExternalStore } from 'react';
import { bytesText, commas } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { guessText, processText, type RootChoice } from '#core/session/contract.ts';
import { Icon } from '#ui/kit/Icon.tsx';
import { MiddleName } from '#ui/kit/MiddleName.tsx';
import { useDesk, useDeskStore } from '#ui/state/desk.ts';
import { AddressBox } from './AddressBox.tsx';
import { CopyLink } from './CopyLink.tsx';
import { HelpButton } from './FirstBar.tsx';
import { Mark } from './Mark.tsx';
import { useShell } from './shell-context.ts';
import { ThemeButton } from './ThemeButton.tsx';
import { tourOf } from './tours/tours.ts';

/** The top bar over an open image. */
export function TopBar() {
  const { show } = useShell();
  return (
    <header className="top">
      <Mark />
      <ImageChip />
      <RootButton />
      <M2pButton />
      <BackAndForward />
      <AddressBox />
      <span className="spring" />
      <TourButton />
      <button type="button" className="ctl ghost sq" aria-label="Commands" title="Commands (Ctrl K)" onClick={() => show('palette')}>
        <Icon name="menu" />
      </button>
      <CopyLink />
      <span className="seg">
        <ThemeButton />
        <HelpButton />
      </span>
    </header>
  );
}

/** Offered over an image that a tour was written for. */
function TourButton() {
  const { show } = useShell();
  const tour = useDesk((desk) => tourOf(desk.image?.fingerprint));
  return tour ? (
    <button type="button" className="ctl" title={tour.title} onClick={() => show('tour')}>
      <Icon name="note" />
      {tour.short}
    </button>
  ) : null;
}

/** Name and bytes of the image; a click tells the rest. */
function ImageChip() {
  const { show } = useShell();
  const image = useDesk((desk) => desk.image);
  if (!image) return null;
  return (
    <button
      type="button"
      className="ctl top-image"
      title={`${image.name}: ${image.format.label}. Click for all that is known.`}
      onClick={() => show('image')}
    >
      <Icon name="file" />
      <MiddleName name={image.name} />
      <span className="c top-size">{sizeText(image.fileSize)}</span>
    </button>
  );
}

const sizeText = (bytes: number): string => (bytes < 2 ** 30 ? `${commas(bytes)} bytes` : bytesText(bytes));

/** The root in use; a click opens the page of roots, and closes it again. */
function RootButton() {
  const desk = useDeskStore();
  const root = useDesk((now) => now.place.root);
  const roots = useDesk((now) => now.image?.roots);
  const onRoots = useDesk((now) => now.place.view === 'roots');
  const choice = roots?.find((one) => one.address === root?.address && one.mode === root?.mode);
  const turn = () => desk.getState().look({ view: onRoots ? 'explorer' : 'roots' }, true);
  return (
    <button type="button" className="ctl top-root" aria-pressed={onRoots} title={titleOf(choice)} onClick={turn}>
      <Icon name="root" />
      {root ? (
        <>
          root <span className="n">{root.address.toString(16)}</span>
          <span className="top-mode">
            {pagingMode(root.mode).label}, {choice?.origin ?? 'typed'}
            {choice?.process && (
              <>
                , probably <b className="guess">{processText(choice.process)}</b>
              </>
            )}
          </span>
        </>
      ) : (
        'no root'
      )}
      <Icon name="down" />
    </button>
  );
}

function titleOf(choice: RootChoice | undefined): string {
  if (!choice) return 'Choose a root';
  const { reason, process } = choice;
  return process ? `${reason} ${guessText(process)}` : reason;
}

/** Under Xen only: the machine-to-physical table of the root in use, and back. */
function M2pButton() {
  const desk = useDeskStore();
  const isXen = useDesk((now) => now.atlas?.layout.isXens ?? false);
  const onM2p = useDesk((now) => now.place.view === 'm2p');
  if (!isXen && !onM2p) return null;
  const turn = () => desk.getState().look({ view: onM2p ? 'explorer' : 'm2p' }, true);
  return (
    <button type="button" className="ctl" aria-pressed={onM2p} title="Machine-to-physical table (M)" onClick={turn}>
      M2P
    </button>
  );
}

function BackAndForward() {
  const { history } = useShell();
  const trail = useSyncExternalStore(history.subscribe, () => history.trail);
  return (
    <span className="seg">
      <button type="button" className="ctl sq" aria-label="Back" title="Back (Esc, Alt ←)" disabled={trail.at === 0} onClick={() => history.back()}>
        <Icon name="back" />
      </button>
      <button
        type="button"
        className="ctl sq"
        aria-label="Forward"
        title="Forward (Alt →)"
        disabled={trail.at >= trail.last}
        onClick={() => history.forward()}
      >
        <Icon name="forward" />
      </button>
    </span>
  );
}
