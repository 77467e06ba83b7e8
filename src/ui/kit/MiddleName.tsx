/** Letters of the ending that never give way: it says the format. */
const KEPT_END = 12;

/** A long name that gives way in its middle; the whole is in its title. */
export function MiddleName({ name }: { readonly name: string }) {
  const cut = Math.max(0, name.length - KEPT_END);
  return (
    <span className="middle-name" title={name}>
      <span>{name.slice(0, cut)}</span>
      <span>{name.slice(cut)}</span>
    </span>
  );
}
