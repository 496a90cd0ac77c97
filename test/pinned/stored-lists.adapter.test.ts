// What lists and pushes are read from: small items beside the records.
import { withEmulator } from '../lib/state/emulator.ts';
import { fieldsOf } from './shape.ts';
import { live } from './story.ts';
import { openWorld } from './world.ts';

const emulator = withEmulator('dynoxide');

test('what lists are read from is a small item for each application', async () => {
  const world = await openWorld(await emulator.open());
  await live(world);
  const { items } = await world.persisted();
  const kind = (pk: string, sk: string) =>
    items.filter((item) => String(item['pk']).startsWith(pk) && String(item['sk']).startsWith(sk));
  expect(fieldsOf(...kind('LIST#', 'APP#'))).toEqual({
    pk: 'string',
    sk: 'string',
    project: 'string',
    cluster: 'string',
    ns: 'string',
    mode: 'string',
    seq: 'number',
    'status?': 'string',
    at: 'number',
    'rev?': 'string',
    'health?': 'string',
    'until?': 'number',
    'held?': 'number',
    t: 'string',
    'drift?': 'string',
    'drifted?': 'number',
    'r?': 'number',
    's?': 'number',
  });
  expect(fieldsOf(...kind('LIST', 'VERSION'))).toEqual({ pk: 'string', sk: 'string', n: 'number', at: 'number' });
  expect(fieldsOf(...kind('REPO#', 'APP#'), ...kind('TABLE', 'INDEXED'))).toEqual({ pk: 'string', sk: 'string' });
});
