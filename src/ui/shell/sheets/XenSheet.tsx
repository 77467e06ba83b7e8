import { commas, hex, virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { type FoundPage, fileText, type Target, type XenFacts } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { JumpButton } from './JumpButton.tsx';
import { SheetFrame } from './SheetFrame.tsx';

type Fields = NonNullable<XenFacts['startInfo']>['fields'];

/** What was found of Xen under the root in view: its tables, start_info and shared_info field by field, the hypercall page. */
export function XenSheet() {
  const root = useDesk((desk) => desk.atlas?.root);
  const { value, error } = useQuestion(`xen ${root?.mode} ${root?.address}`, (questions) => root && questions.xen(root));
  return (
    <SheetFrame title="What was found of Xen" wide>
      <div className="sheet-body">
        {error && <p>{`It could not be looked for: ${error.message}`}</p>}
        {!error && !value && <p aria-live="polite">Looking through the guest’s pages …</p>}
        {value && root && <Found facts={value} bits={pagingMode(root.mode).virtualBits} />}
      </div>
    </SheetFrame>
  );
}

function Found({ facts, bits }: { readonly facts: XenFacts; readonly bits: number }) {
  const { p2ms, m2p, check, startInfo, sharedInfo, hypercallPage, isSaved = false } = facts;
  return (
    <>
      <dl className="kv">
        {p2ms.map(({ source, count, highestPfn }) => (
          <Row key={source} name="P2M" words={`${commas(count)} frames, PFN 0 to ${hex(highestPfn)}, by ${source}`} />
        ))}
        {p2ms.length === 0 && <Row name="P2M" words={isSaved ? 'none: the frames of a saved guest are PFNs' : 'not found'} />}
        {p2ms.length > 1 && <Row name="they" words={differWords(facts)} />}
        <Row name="M2P" words={m2p ? m2pWords(m2p, bits) : isSaved ? 'none' : 'not in this dump'} />
        {check && <Row name="check" words={checkWords(check)} />}
        <PageRow name="start_info" page={startInfo} bits={bits} isSaved={isSaved} />
        <PageRow name="shared_info" page={sharedInfo} bits={bits} isSaved={isSaved} />
        <PageRow name="hypercall page" page={hypercallPage} bits={bits} isSaved={isSaved} />
      </dl>
      {startInfo && <FieldTable title={`start_info, ${startInfo.wordBytes * 8}-bit`} page={startInfo} fields={startInfo.fields} />}
      {sharedInfo && <FieldTable title="shared_info" page={sharedInfo} fields={sharedInfo.fields} />}
    </>
  );
}

function Row({ name, words }: { readonly name: string; readonly words: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </>
  );
}

const differWords = ({ p2mDifferences }: XenFacts): string =>
  p2mDifferences.length === 0
    ? 'agree on every frame'
    : `differ at ${commas(p2mDifferences.reduce((sum, { count }) => sum + count, 0))} PFNs, first at ${hex(p2mDifferences[0]?.pfn ?? 0)}`;

function m2pWords({ seenAt, entries, bytesPerWord, heldPages, unmappedPages, pages }: NonNullable<XenFacts['m2p']>, bits: number): string {
  const holes = unmappedPages > 0 ? `, ${commas(unmappedPages)} not mapped` : '';
  const at = virtualHex(seenAt.page, 0, bits);
  return `at ${at}: ${commas(entries)} words of ${bytesPerWord} bytes; ${commas(heldPages)} of ${commas(pages)} pages in this dump${holes}`;
}

const checkWords = ({ p2m }: NonNullable<XenFacts['check']>): string =>
  `${commas(p2m.agree)} frames agree both ways, ${commas(p2m.disagree)} disagree, of ${commas(p2m.unknown)} the word is not in this dump`;

interface PageRowProps {
  readonly name: string;
  readonly page: FoundPage | undefined;
  readonly bits: number;
  readonly isSaved: boolean;
}

/** Where a page lies, by all its numbers; a click leads there. */
function PageRow({ name, page, bits, isSaved }: PageRowProps) {
  if (!page) return <Row name={name} words="not found, or not in this dump" />;
  const { frame, guestFrame, seenAt } = page;
  if (frame === undefined) return <Row name={name} words={`a record of its own, no frame of the guest’s; ${fileText(page)}`} />;
  const target: Target = seenAt ? { kind: 'virtual', address: seenAt } : { kind: 'frame', frame, offset: 0 };
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <JumpButton target={target} text={seenAt ? virtualHex(seenAt.page, seenAt.offset, bits) : hex(frame)} />{' '}
        <span className="c">
          {isSaved ? `PFN ${hex(frame)}` : `MFN ${hex(frame)}, ${guestFrame === undefined ? 'no PFN' : `PFN ${hex(guestFrame)}`}`}, {fileText(page)}
        </span>
      </dd>
    </>
  );
}

const fieldTarget = ({ frame, fileOffset = 0 }: FoundPage, offset: number): Target =>
  frame === undefined ? { kind: 'file', offset: fileOffset + offset } : { kind: 'frame', frame, offset };

function FieldTable({ title, page, fields }: { readonly title: string; readonly page: FoundPage; readonly fields: Fields }) {
  return (
    <section>
      <h3>{title}</h3>
      <table className="sheet-table">
        <thead>
          <tr>
            <th>offset</th>
            <th>field</th>
            <th>value</th>
            <th>meaning</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, offset, value, meaning }) => (
            <tr key={name}>
              <td>
                <JumpButton target={fieldTarget(page, offset)} text={hex(offset, 3)} />
              </td>
              <td className="n">{name}</td>
              <td className="n">{typeof value === 'number' ? hex(value) : `“${value}”`}</td>
              <td className="c">{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
