import { openSession } from '#core/session/session.ts';
import { createReader } from './reader.ts';
import { offerReader } from './wire.ts';

offerReader(createReader(openSession));
