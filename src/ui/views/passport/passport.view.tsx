import type { View } from '#ui/views/view.ts';
import { PassportPane } from './PassportPane.tsx';

export default { id: 'passport', title: 'Frame', Component: PassportPane } satisfies View;
