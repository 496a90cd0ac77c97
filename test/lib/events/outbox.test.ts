// A crash between the record and its delivery loses nothing: what is stored is delivered by the next writer of the stream, or by the sweep.

import { scanAll } from '../../../lib/drift/scan-all.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { createOutbox } from '../../../lib/events/outbox.ts';
import type { Notification } from '../../../lib/model/notification.ts';
import type { EventStore, Outbox } from '../../../lib/ports/events.ts';
import { anEvent } from '../../contracts/state-store/events.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { Mortal } from '../../fakes/mortal.ts';
import { outboxOf } from '../../fakes/outbox.ts';
import { configMap, inStore, withDriftRig } from '../drift/drift-rig.ts';

const rigs = withDriftRig();
const SHOP = 'APP#shop';
const away = new DriftlessError('AwsUnavailable', 'the topic is away');

async function open() {
  const { store, log } = await openMemoryStore();
  const told: string[] = [];
  const tell = async ({ title }: Notification) => void told.push(title);
  const put = (...keys: readonly string[]) =>
    store.putEvents(
      SHOP,
      keys.map((key) => ({ ...anEvent(key), data: { title: key, lines: [] } })),
    );
  return { store, log, told, tell, put };
}

test('a stream is delivered once, in order, and is closed', async () => {
  const { store, log, told, tell, put } = await open();
  const outbox = outboxOf(store, { log, notify: tell });
  await put('one', 'two');
  await outbox.deliver(SHOP);
  await put('three');
  await outbox.deliver(SHOP);
  await outbox.deliver(SHOP);
  await outbox.deliverAll();
  expect(told).toEqual(['one', 'two', 'three']);
  expect(await store.openStreams()).toEqual([]);
});

test('two deliveries of one stream at once deliver each event once', async () => {
  const { store, log, told, tell, put } = await open();
  const outbox = outboxOf(store, { log, notify: tell });
  await put('one', 'two');
  await Promise.all([outbox.deliver(SHOP), outbox.deliverAll(), outbox.deliver(SHOP)]);
  expect(told).toEqual(['one', 'two']);
});

test('a sink that fails keeps its place and holds up no other', async () => {
  const { store, log, told, tell, put } = await open();
  const late: string[] = [];
  let isAway = true;
  const outbox = createOutbox({
    events: store,
    log,
    sinks: [
      { name: 'good', notifier: { notify: tell } },
      {
        name: 'bad',
        notifier: {
          notify: async ({ title }) => {
            if (isAway && title === 'two') throw away;
            late.push(title);
          },
        },
      },
    ],
  });
  await put('one', 'two', 'three');
  await outbox.deliver(SHOP);
  expect([told, late]).toEqual([['one', 'two', 'three'], ['one']]);
  expect(log.lines).toContainEqual(expect.objectContaining({ message: 'could not notify', title: 'two' }));
  expect(await store.openStreams()).toEqual([SHOP]);
  isAway = false;
  await outbox.deliverAll();
  expect([told, late]).toEqual([
    ['one', 'two', 'three'],
    ['one', 'two', 'three'],
  ]);
  expect(await store.openStreams()).toEqual([]);
});

test('an event that a sink would refuse each time does not hold up those after it', async () => {
  const { store, log, told, put } = await open();
  const notify = async ({ title }: Notification) => {
    if (title === 'one') throw new DriftlessError('Internal', 'the message is malformed');
    told.push(title);
  };
  await put('one', 'two');
  await outboxOf(store, { log, notify }).deliver(SHOP);
  expect(told).toEqual(['two']);
  expect(log.lines).toContainEqual(expect.objectContaining({ message: 'could not notify', title: 'one' }));
  expect(await store.openStreams()).toEqual([]);
});

test('a table that does not answer is logged, and fails no writer', async () => {
  const { store, log } = await open();
  const fails = () => Promise.reject(new DriftlessError('StateUnavailable', 'the table is away'));
  const events: EventStore = { ...store, undelivered: fails, openStreams: fails };
  const outbox = outboxOf(events, { log, notify: fails });
  await outbox.deliver(SHOP);
  await outbox.deliverAll();
  expect(log.lines.map(({ message }) => message)).toEqual([
    'could not deliver events',
    'could not read which events are not delivered',
  ]);
});

/** The outbox of a process that stops at a moment. */
function mortalOutbox(mortal: Mortal, events: EventStore, notify: (one: Notification) => Promise<void>): Outbox {
  const around = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    await mortal.at(`before ${what}`);
    const answer = await work();
    await mortal.at(`after ${what}`);
    return answer;
  };
  const mortalEvents: EventStore = {
    ...events,
    undelivered: (stream, sink) => around('undelivered', () => events.undelivered(stream, sink)),
    delivered: (stream, sink, n) => around('delivered', () => events.delivered(stream, sink, n)),
    closeStream: (stream, n) => around('close', () => events.closeStream(stream, n)),
  };
  const log = { ...SILENT };
  return outboxOf(mortalEvents, { log, notify: (one) => around('notify', () => notify(one)) });
}

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined, bind: () => SILENT };

test.each([
  ['before undelivered', 1],
  ['after undelivered', 1],
  ['before notify', 1],
  // At least once: the crash came before the record of the delivery.
  ['after notify', 2],
  ['before delivered', 2],
  ['after delivered', 1],
  ['before close', 1],
  ['after close', 1],
])('a scan that stops %s leaves its notification to the sweep, which delivers it', async (moment, times) => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')));
  const told: string[] = [];
  const notify = async ({ kind }: Notification) => void told.push(kind);
  const mortal = new Mortal(moment);
  const scan = scanAll({}, { ...rig.drift, outbox: mortalOutbox(mortal, rig.state, notify) });
  await Promise.race([scan, mortal.stopped]);
  const sweeping = outboxOf(rig.state, { log: rig.log, notify });
  await sweeping.deliverAll();
  await sweeping.deliverAll();
  expect(told).toEqual(Array.from({ length: times }, () => 'drift.opened'));
  expect(await rig.state.openStreams()).toEqual([]);
});
