import './tree.css';
import { pagingMode } from '#core/paging/modes.ts';
import type { AtlasSummary, Questions } from '#core/session/contract.ts';
import { RootWantedLine } from '#ui/kit/RootWanted.tsx';
import { useDesk } from '#ui/state/desk.ts';
import type { View } from '#ui/views/view.ts';
import { headWords } from './head-words.ts';
import { TreeGrid } from './TreeGrid.tsx';
import { useTree } from './use-tree.ts';

function TreePane() {
  const questions = useDesk((desk) => desk.questions);
  const atlas = useDesk((desk) => desk.atlas);
  return (
    <div className="tree">
      {questions && atlas ? (
        <OpenTree key={`${atlas.root.mode} ${atlas.root.address}`} questions={questions} atlas={atlas} />
      ) : (
        <header className="ph">
          <h2>Tables</h2>
          <RootWantedLine what="none: no root is chosen" />
        </header>
      )}
    </div>
  );
}

interface OpenTreeProps {
  readonly questions: Questions;
  readonly atlas: AtlasSummary;
}

function OpenTree({ questions, atlas }: OpenTreeProps) {
  const mode = pagingMode(atlas.root.mode);
  const page = useDesk((desk) => desk.place.address.page);
  const state = useTree({ questions, atlas, mode, page });
  const words = headWords(state.tree);
  return (
    <>
      <header className="ph">
        <h2>Tables</h2>
        {words && (
          <span className="c">
            {words.fact}
            {words.detail && <i className="tree-detail">; {words.detail}</i>}
          </span>
        )}
        <span className="spring" />
        <span className="c tree-detail">leaves</span>
      </header>
      {state.error && (
        <p className="tree-error" role="alert">
          The tables could not be read: {state.error.message}
        </p>
      )}
      <TreeGrid state={state} mode={mode} atlas={atlas} />
    </>
  );
}

const view: View = { id: 'tree', title: 'Tables', Component: TreePane };
export default view;
