/** Letters of the ending that never give way: it says the format. */
const KEPT_END = 12;

/** A long name that gives way in its middle; the whole is in its title, and is what is read aloud and found. */
export function MiddleName({ name }: { readonly name: string }) {
  const cut = Math.max(0, name.length - KEPT_END);
  return (
    <span className="middle-name" title={name}>
      <span className="visually-hidden">{name}</span>
      <span aria-hidden="true">{name.slice(0, cut)}</span>
      <span aria-hidden="true">{name.slice(cut)}</span>
    </span>
  );
}
