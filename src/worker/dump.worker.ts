import { openSession } from '#core/session/session.ts';
import { portOf } from './port-of.ts';
import { createReader } from './reader.ts';
import { offerReader } from './wire.ts';

/** Another worker of this very script: the file itself is its address, whoever built it. */
const another = () => new Worker(self.location.href, { type: 'module', name: 'pagewalk sweeper' });

offerReader(createReader(openSession, () => portOf(another())));
