import { commas, virtualHex } from '#core/base/hex.ts';
import { trafficText } from '#core/memory/remote/traffic.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { AtlasSummary } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { hostsOf } from '#ui/state/remote-given.ts';
import { useShell } from './shell-context.ts';

/** One line below: what is under the pointer, what was counted, and the promise. */
export function StatusBar() {
  const inView = useDesk((desk) => desk.image !== undefined);
  const remoteUrls = useDesk((desk) => desk.remoteUrls);
  return (
    <footer className="status">
      {inView ? <UnderPointer /> : <span>no image open</span>}
      <span className="spring" />
      {inView && <Counts />}
      {remoteUrls.length === 0 ? <span>nothing leaves this machine</span> : <ReadFrom hosts={hostsOf(remoteUrls)} />}
      {!inView && <Keys />}
    </footer>
  );
}

/** The figures change in silence: no screen reader is told of each. */
function ReadFrom({ hosts }: { readonly hosts: string }) {
  const traffic = useDesk((desk) => desk.traffic);
  return (
    <span className="status-from">
      read from {hosts}
      {traffic.requests > 0 && `: ${trafficText(traffic)}`}; nothing is uploaded
    </span>
  );
}

function UnderPointer() {
  const hover = useDesk((desk) => desk.hover);
  const mode = useDesk((desk) => desk.place.root?.mode);
  if (!hover) return <span />;
  const bits = mode ? pagingMode(mode).virtualBits : 32;
  return (
    <span className="status-hover">
      under the pointer: <span className="n">{virtualHex(hover.address.page, hover.address.offset, bits)}</span> {hover.words}
    </span>
  );
}

function Counts() {
  const atlas = useDesk((desk) => desk.atlas);
  const problems = useDesk((desk) => (desk.image?.problems.length ?? 0) + (desk.atlas?.problems.length ?? 0));
  const { show } = useShell();
  return (
    <>
      {problems > 0 && (
        <button type="button" className="status-problems" onClick={() => show('image')}>
          {problems === 1 ? '1 problem in this image' : `${commas(problems)} problems in this image`}
        </button>
      )}
      {atlas && <span>{countsText(atlas)}</span>}
    </>
  );
}

function countsText({ leaves, distinctLeaves, tables, absentTables }: AtlasSummary): string {
  const aliases = leaves > distinctLeaves ? `, ${commas(distinctLeaves)} of their own` : '';
  const absent = absentTables > 0 ? `, ${commas(absentTables)} more not in this dump` : '';
  return `${commas(leaves)} leaves${aliases}; ${commas(tables)} tables${absent}`;
}

function Keys() {
  const { show } = useShell();
  return (
    <button type="button" className="status-problems" onClick={() => show('help')}>
      <span className="n">?</span> all keys
    </button>
  );
}
