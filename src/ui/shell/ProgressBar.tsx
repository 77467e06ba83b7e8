import type { Progress } from '#core/base/task.ts';

/** A bar where the total is known; else an empty one, for no fraction may be made up. */
export function ProgressBar({ progress, label }: { readonly progress: Progress | undefined; readonly label: string }) {
  const percent = progress?.total ? Math.min(100, (100 * progress.done) / progress.total) : undefined;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === undefined ? {} : { 'aria-valuenow': Math.round(percent) })}
    >
      <i style={{ width: `${percent ?? 0}%` }} />
    </div>
  );
}
