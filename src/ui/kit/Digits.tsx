interface DigitsProps {
  /** Digits as they are shown, leading zeros included. */
  readonly text: string;
  /** One size smaller. */
  readonly small?: boolean;
}

/** All of 00000000, but not a lone 0. */
const LEADING_ZEROS = /^00+$|^0+(?=.)/;

/** A number in the number face, its leading zeros dimmed: there, but not read first. */
export function Digits({ text, small = false }: DigitsProps) {
  const zeros = LEADING_ZEROS.exec(text)?.[0] ?? '';
  return (
    <span className={small ? 'n s' : 'n'}>
      {zeros && <i className="z">{zeros}</i>}
      {text.slice(zeros.length)}
    </span>
  );
}
