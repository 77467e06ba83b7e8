import { Cancelled } from '#core/base/task.ts';
import type { Questions } from '#core/session/contract.ts';
import { type Desk, type DeskStore, moved } from './desk.ts';
import { fitPlace, sameRoot } from './first-look.ts';
import { changed, type Place, type PlaceChange } from './place.ts';

/**
 * Lets `look` change root or layout only together with their atlas: until that has been read the old root and map stay, so no view
 * ever sees one without the other. The last asked for wins.
 */
export function installRootChange(store: DeskStore): void {
  let asked = 0;
  const change = async (questions: Questions, place: Place, jump: boolean) => {
    asked += 1;
    const ticket = asked;
    const change = await readAtlas(store, questions, place);
    if (ticket !== asked || store.getState().questions !== questions) return;
    store.setState((desk) => ({ ...change, atlasProgress: undefined, jumps: desk.jumps + (jump && change ? 1 : 0) }));
  };
  store.setState({
    look: (wish, jump = false) => {
      const { place, questions } = store.getState();
      const target = fitPlace(changed(withoutWindow(place, wish), wish));
      if (questions && target.root && changesAtlas(place, target)) void change(questions, target, jump);
      else store.setState((desk) => moved(desk, wish, jump));
    },
  });
}

/** The place with its atlas; undefined where it was cancelled or could not be read, which is told. */
async function readAtlas(store: DeskStore, questions: Questions, place: Place): Promise<Pick<Desk, 'place' | 'atlas'> | undefined> {
  if (!place.root) return undefined;
  store.setState({ atlasProgress: { step: 'reading tables', done: 0 } });
  try {
    return { place, atlas: await questions.atlas(place.root, place.layoutId) };
  } catch (error) {
    if (!(error instanceof Cancelled)) store.getState().tell('The tables of that root could not be read', String(error));
    return undefined;
  }
}

const changesAtlas = (place: Place, target: Place): boolean => !sameRoot(place.root, target.root) || place.layoutId !== target.layoutId;

/** A window and a layout are of one root's space: another root shows its whole, in the layout that fits it. */
function withoutWindow(place: Place, wish: PlaceChange): Place {
  if (!('root' in wish) || sameRoot(place.root, wish.root)) return place;
  const { window: _, layoutId: __, ...rest } = place;
  return rest;
}
