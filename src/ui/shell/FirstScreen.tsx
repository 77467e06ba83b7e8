import './first-screen.css';
import { commas } from '#core/base/hex.ts';
import { Icon } from '#ui/kit/Icon.tsx';
import { MiddleName } from '#ui/kit/MiddleName.tsx';
import { parseLink } from '#ui/state/permalink.ts';
import type { Recent } from '#ui/state/recents.ts';
import { hostsOf } from '#ui/state/remote-given.ts';
import { SAMPLES, type Sample, sampleUrl } from '#ui/state/samples.ts';
import { openRecent, useRecents } from './recent-files.ts';
import { SamplePicture } from './SamplePicture.tsx';
import { samplePlace } from './sample-place.ts';
import { type Shell, useShell } from './shell-context.ts';

/** Before anything is open: what this is, and every way in. */
export function FirstScreen() {
  const shell = useShell();
  return (
    <main className="first">
      <div className="first-zone">
        <div className="first-in">
          <h1>Drop a memory dump anywhere on this page</h1>
          <p className="first-sub">
            A raw image, an ELF dump of QEMU or libvirt, a Xen core, or the text of a debugger session. Pagewalk finds the page tables and draws the
            address space, high to low.
          </p>
          <WaysIn shell={shell} />
          <section className="first-sec" aria-labelledby="first-samples">
            <h2 id="first-samples">Samples</h2>
            {SAMPLES.map((sample) => (
              <SampleRow key={sample.id} sample={sample} shell={shell} />
            ))}
          </section>
          <div className="first-two">
            <RecentFiles />
            <section className="first-sec" aria-labelledby="first-reads">
              <h2 id="first-reads">Reads</h2>
              <p className="first-reads">
                raw, ELF dumps, kdump, LiME, Windows crash dumps, a VMware .vmem with its .vmss or .vmsn (both at once), Xen dump-core; text of gdb,
                WinDbg, crash, QEMU, Xen’s xenctrl, xxd and hexdump, Intel HEX and S-records; plain or compressed (gz, zst, xz, bz2, lz4, zip). Only
                the pages you look at are read, so the file may be large.
              </p>
            </section>
          </div>
        </div>
      </div>
    </main>
  );
}

function WaysIn({ shell }: { readonly shell: Shell }) {
  return (
    <div className="first-acts">
      <button type="button" className="btn pri" onClick={() => shell.chooseFile()}>
        <Icon name="file" />
        Choose a file
        <kbd>Ctrl O</kbd>
      </button>
      <button type="button" className="btn quiet" onClick={() => shell.show('remote')}>
        From a server
      </button>
      <button type="button" className="btn quiet" onClick={() => shell.show('paste')}>
        Paste text
        <kbd>Ctrl V</kbd>
      </button>
      <span className="spring" />
      <span className="first-stay">
        <Icon name="lock" />
        It stays on this machine: nothing is uploaded
      </span>
    </div>
  );
}

function SampleRow({ sample, shell }: { readonly sample: Sample; readonly shell: Shell }) {
  const given = { kind: 'sample', url: sampleUrl(sample), name: sample.file } as const;
  const open = () => void shell.opening.open({ given, sample: sample.id, ...samplePlace(sample) });
  return (
    <button type="button" className="first-item" onClick={open}>
      <SamplePicture cells={sample.picture} />
      <span>
        <span className="first-title">{sample.title}</span>
        <span className="c first-words">
          {sample.words} The picture: {sample.pictureOf}.
        </span>
      </span>
      <span className="first-go">
        Open
        <Icon name="right" />
      </span>
    </button>
  );
}

function RecentFiles() {
  const recents = useRecents();
  return (
    <section className="first-sec" aria-labelledby="first-recent">
      <h2 id="first-recent">
        Recent <span className="c">kept by this browser, never the bytes</span>
      </h2>
      {recents.length === 0 && <p className="c first-none">Files that you open are listed here, with the last place.</p>}
      {recents.slice(0, 3).map((recent) => (
        <RecentRow key={recent.fingerprint} recent={recent} />
      ))}
    </section>
  );
}

function howItOpens({ handle, link }: Recent): string {
  const urls = parseLink(link)?.link.remoteUrls;
  if (urls) return `read from ${hostsOf(urls)}`;
  return handle ? 'opens in one click' : 'asks for the file';
}

function RecentRow({ recent }: { readonly recent: Recent }) {
  const shell = useShell();
  const how = howItOpens(recent);
  return (
    <button type="button" className="first-recent" onClick={() => void openRecent(recent, shell)}>
      <Icon name="file" />
      <span className="first-recent-name">
        <MiddleName name={recent.name} />
        <span className="c">
          {commas(recent.size)} bytes, SHA-256 <span className="n s z">{recent.fingerprint.slice(0, 12)}</span>…, {how}
        </span>
      </span>
      <span className="n s">{recent.address}</span>
    </button>
  );
}
