import { CANONICAL_4 } from './canonical.ts';
import { linux64 } from './linux-64.ts';

export default linux64('linux-x86-64', '4-level', CANONICAL_4, {
  virtualBits: 48,
  lowestDirect: 0x8_8800_0000,
  ldt: 0x8_8000_0000,
  ldtPages: 0x800_0000,
  above48: 0,
  topPml4: [],
  directPml4s: [[[], 272]],
});
