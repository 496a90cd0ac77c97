// Keys and attributes of stored events: what another version has to read.
import { withEmulator } from '../lib/state/emulator.ts';
import { fieldsOf } from './shape.ts';
import { live } from './story.ts';
import { openWorld } from './world.ts';

const emulator = withEmulator('dynoxide');

test('an event has its envelope as attributes and its content as one text, beside the newest place of its stream', async () => {
  const world = await openWorld(await emulator.open());
  await live(world);
  const { items } = await world.persisted();
  const kind = (sk: string) => items.filter((item) => String(item['sk']).startsWith(sk));
  const events = kind('EVT#').map((item) => ({ ...item, data: JSON.parse(String(item['data'])) }));
  expect(fieldsOf(...events)).toEqual({
    pk: 'string',
    sk: 'string',
    ttl: 'number',
    v: 'number',
    n: 'number',
    at: 'string',
    kind: 'string',
    app: 'string',
    'cluster?': 'string',
    'seq?': 'number',
    'revision?': 'string',
    key: 'string',
    data: '{ lines: [string], title: string }',
  });
  const newest = { pk: 'string', sk: 'string', n: 'number', keys: '[string]', listing: 'string' };
  expect(fieldsOf(...kind('EVENTS'))).toEqual(newest);
});
