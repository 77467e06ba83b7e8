import type { View } from '#ui/views/view.ts';
import { WalkPane } from './WalkPane.tsx';

export default { id: 'walk', title: 'Walk', Component: WalkPane } satisfies View;
