import type { Target } from '#core/session/contract.ts';
import { useShell } from '#ui/shell/shell-context.ts';
import { useDesk } from '#ui/state/desk.ts';

/** A place by its number: a click closes the sheet and goes there. */
export function JumpButton({ target, text }: { readonly target: Target; readonly text: string }) {
  const { show } = useShell();
  const jump = useDesk((desk) => desk.jump);
  const go = () => {
    show(undefined);
    jump(target);
  };
  return (
    <button type="button" className="jump-to n" onClick={go}>
      {text}
    </button>
  );
}
