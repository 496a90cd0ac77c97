// Runs a deployment in a folder, and kills itself with the event that it is told.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJournal } from '../../../dev/journal.ts';
import { durableHandler } from '../../../lib/flow/durable-flow.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';
import { deployment } from './deployment.ts';

const [dir = '', crashAt = ''] = process.argv.slice(2);
const clock = new ManualClock();
const log = new RecordingLog();
const journal = await createJournal({ dir, clock, log });
journal.resume(
  durableHandler(
    (target: { readonly app: string; readonly seq: number }, flow) =>
      deployment(target, flow, (event, step) => {
        if (event === 'end') appendFileSync(join(dir, 'effects'), `${step}\n`);
        if (`${event} ${step}` === crashAt) process.kill(process.pid, 'SIGKILL');
      }),
    { client: journal.client, log },
  ),
);
await journal.operations.start('shop', 1);
do await journal.idle();
while (await clock.advanceToNext());
