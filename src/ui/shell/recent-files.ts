import { useEffect, useState } from 'react';
import { type LinkedImage, parseLink } from '#ui/state/permalink.ts';
import { fileOf, type Recent, recents } from '#ui/state/recents.ts';
import { remoteGiven } from '#ui/state/remote-given.ts';
import type { Shell } from './shell-context.ts';

/** The list as it is when first shown; empty until the browser has answered. */
export function useRecents(): readonly Recent[] {
  const [list, setList] = useState<readonly Recent[]>([]);
  useEffect(() => {
    let dropped = false;
    void recents().then((found) => dropped || setList(found));
    return () => {
      dropped = true;
    };
  }, []);
  return list;
}

/** Opens a file of the list at its last place: through its handle, else by asking for it. */
export async function openRecent(recent: Recent, shell: Shell): Promise<void> {
  const file = recent.handle && (await fileOf(recent.handle));
  const link = parseLink(recent.link)?.link;
  const { name, size, fingerprint } = recent;
  const place = link ? { place: link.place, options: link.options } : {};
  const remote = remoteGiven(link?.remoteUrls ?? []);
  if (remote) return shell.opening.open({ given: remote, wanted: { name, size, fingerprint }, ...place });
  if (!file || !recent.handle) return shell.chooseFile(recent);
  await shell.opening.open({ given: { kind: 'file', file }, wanted: { name, size, fingerprint }, handle: recent.handle, ...place });
}

/** Opens the image of a link through the handle that this browser kept of it. */
export async function openWanted(wanted: LinkedImage, shell: Shell): Promise<void> {
  const known = (await recents()).find((recent) => recent.fingerprint === wanted.fingerprint);
  const file = known?.handle && (await fileOf(known.handle));
  if (!file || !known.handle) return shell.chooseFile();
  await shell.opening.open({ given: { kind: 'file', file }, handle: known.handle, ...shell.awaited() });
}
