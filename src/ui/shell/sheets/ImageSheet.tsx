import { useState } from 'react';
import { bytesText, commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { AtlasSummary, ImageSummary } from '#core/session/contract.ts';
import { useShell } from '#ui/shell/shell-context.ts';
import { useDesk } from '#ui/state/desk.ts';
import { FileRegions } from './FileRegions.tsx';
import { Inferences } from './Inferences.tsx';
import { SheetFrame } from './SheetFrame.tsx';

const SHOWN_EXTENTS = 40;
const SHOWN_PROBLEMS = 100;

/** All that is known of the image in view. */
export function ImageSheet() {
  const image = useDesk((desk) => desk.image);
  const atlas = useDesk((desk) => desk.atlas);
  if (!image) return null;
  const problems = [...image.problems, ...(atlas?.problems ?? [])];
  return (
    <SheetFrame title={image.name} wide>
      <div className="sheet-body">
        <Facts image={image} atlas={atlas} />
        {problems.length > 0 && <Problems problems={problems} />}
        {image.inferences.length > 0 && <Inferences inferences={image.inferences} />}
        {image.regions && <FileRegions key={image.regions.reason} choice={image.regions} fileSize={image.sourceSize ?? image.fileSize} />}
        <Extents image={image} />
      </div>
    </SheetFrame>
  );
}

/** Where an image behind a server is read from; the yes to its hosts can be taken back. */
function ReadFrom() {
  const { opening } = useShell();
  const urls = useDesk((desk) => desk.remoteUrls);
  const [forgotten, setForgotten] = useState(false);
  if (urls.length === 0) return null;
  const forget = () => {
    for (const url of urls) opening.forgetHost(new URL(url).origin);
    setForgotten(true);
  };
  return (
    <>
      <dt>read from</dt>
      <dd>
        {urls.map((url) => (
          <div key={url} className="n s">
            {url}
          </div>
        ))}
        <button type="button" className="btn quiet" disabled={forgotten} onClick={forget}>
          {forgotten ? 'You will be asked again' : 'Ask again next time'}
        </button>
      </dd>
    </>
  );
}

const FRAME_NAMES: Readonly<Record<ImageSummary['frameWord'], string>> = {
  MFN: 'machine frames (MFN)',
  PFN: 'the guest’s own frames (PFN), as its saver rewrote them',
  frame: 'the guest’s own frames',
};

function Facts({ image, atlas }: { readonly image: ImageSummary; readonly atlas: AtlasSummary | undefined }) {
  const { format } = image;
  return (
    <dl className="kv">
      <ReadFrom />
      <dt>format</dt>
      <dd>
        {format.label}
        {format.wrappers.length > 0 && `, inside ${format.wrappers.join(' in ')}`}
      </dd>
      <dt>recognised</dt>
      <dd>{format.how}</dd>
      <dt>size</dt>
      <dd>
        <span className="n">{commas(image.fileSize)}</span> bytes
        {image.sourceSize !== undefined && (
          <>
            ; unpacked <span className="n">{commas(image.sourceSize)}</span>, which rows by UNPACKED count
          </>
        )}
      </dd>
      <dt>SHA-256</dt>
      <dd>
        <span className="n s">{image.fingerprint}</span> <span className="c">over the size and sampled blocks</span>
      </dd>
      <dt>memory</dt>
      <dd>
        {bytesText(image.heldBytes)} held, up to <span className="n">{hex(image.end)}</span>; numbers are {FRAME_NAMES[image.frameWord]}
      </dd>
      {atlas && (
        <>
          <dt>tables</dt>
          <dd>{costText(atlas)}</dd>
        </>
      )}
    </dl>
  );
}

/** What the tables of the root in view cost to read: neighbours are read together. */
function costText({ tables, cost }: AtlasSummary): string {
  return `${commas(tables)} of this root, in ${commas(cost.reads)} ${cost.reads === 1 ? 'read' : 'reads'}, ${bytesText(cost.bytes)}`;
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const words = { stop: 'stops', loss: 'loses', note: 'note' } as const;
  return (
    <section>
      <h3>Problems</h3>
      {problems.slice(0, SHOWN_PROBLEMS).map(({ kind, text, severity, fileOffset, inUnpacked }) => (
        <p className="sheet-problem" key={`${kind} ${fileOffset} ${text}`}>
          <span className="c">{words[severity]}</span>
          <span>
            {text}
            {fileOffset !== undefined && (
              <span className="c">
                {' '}
                at {inUnpacked ? 'unpacked' : 'file'} byte {commas(fileOffset)}
              </span>
            )}
          </span>
        </p>
      ))}
      {problems.length > SHOWN_PROBLEMS && <p className="c">and {commas(problems.length - SHOWN_PROBLEMS)} more</p>}
    </section>
  );
}

function Extents({ image }: { readonly image: ImageSummary }) {
  const shown = image.extents.slice(0, SHOWN_EXTENTS);
  const more = image.extents.length > shown.length || image.extentsCut;
  return (
    <section>
      <h3>What the dump holds, by machine address</h3>
      <table className="sheet-table">
        <thead>
          <tr>
            <th>from</th>
            <th>to</th>
            <th className="r">bytes</th>
            <th>kind</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ start, length, kind }) => (
            <tr key={start}>
              <td className="n">{hex(start)}</td>
              <td className="n">{hex(start + length - 1)}</td>
              <td className="n r">{commas(length)}</td>
              <td>{kind}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <p className="c">and more: only the first {commas(shown.length)} are listed</p>}
    </section>
  );
}
