/** An image's address, judged but not asked. */
export interface RemoteAddress {
  /** As the server will be asked: an international name is in its ASCII form, so that two that look alike differ. */
  readonly url: string;
  /** Scheme, name and port: what a yes is for. */
  readonly origin: string;
  readonly host: string;
  /** The last part of the path. */
  readonly name: string;
}

const MOST_CHARS = 2048;

/** Reads what a user typed or a link holds; a sentence where it is no address of an image. */
export function remoteAddress(text: string): RemoteAddress | string {
  const trimmed = text.trim();
  if (trimmed.length > MOST_CHARS) return `The address is longer than ${MOST_CHARS.toLocaleString('en')} characters.`;
  if (!/^https?:\/\//i.test(trimmed)) return 'The address must begin with https:// or http://.';
  if (!URL.canParse(trimmed)) return 'This is no address.';
  const url = new URL(trimmed);
  if (url.username !== '' || url.password !== '')
    return 'The address holds a name or password, which would be seen by all who get the link. Leave it out.';
  url.hash = '';
  return { url: url.href, origin: url.origin, host: url.host, name: nameIn(url) };
}

function nameIn({ pathname, host }: URL): string {
  const last = pathname.split('/').findLast((part) => part !== '') ?? host;
  try {
    // Control and bidi characters could make a name look like another.
    return decodeURIComponent(last).replace(/\p{C}/gu, '').slice(0, 200);
  } catch {
    return last.slice(0, 200);
  }
}
