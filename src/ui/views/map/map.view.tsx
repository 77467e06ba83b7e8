import type { View } from '#ui/views/view.ts';
import { AddressMap } from './AddressMap.tsx';

const view: View = { id: 'map', title: 'Address map', Component: AddressMap };
export default view;
