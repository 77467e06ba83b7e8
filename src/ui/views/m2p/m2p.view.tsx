import type { View } from '#ui/views/view.ts';
import { M2pPane } from './M2pPane.tsx';

export default { id: 'm2p', title: 'M2P', Component: M2pPane } satisfies View;
