import type { View } from '#ui/views/view.ts';
import { WhyPane } from './WhyPane.tsx';

export default { id: 'why', title: 'What it is', Component: WhyPane } satisfies View;
