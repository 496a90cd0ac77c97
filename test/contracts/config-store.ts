import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Configuration } from '../../lib/model/configuration.ts';
import type { ConfigReport, StoredConfiguration } from '../../lib/model/configuration-record.ts';
import type { ConfigStore } from '../../lib/ports/store.ts';
import { createConfigStore } from '../../lib/state/configuration.ts';
import type { ManualClock } from '../fakes/manual-clock.ts';
import { configOf, fixtureFolder } from '../lib/config/configs.ts';

type Open = () => Promise<{
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: ManualClock;
}>;
type Next = Omit<StoredConfiguration, 'version'>;
type World = Awaited<ReturnType<Open>> & { readonly store: ConfigStore; other(): ConfigStore };

const COMPLETE = configOf(fixtureFolder('complete'));
const SOURCE = { repo: 'https://git.test/acme/config', ref: 'main', path: 'config' };

function next(config: Configuration, revision = 'r1'): Next {
  const at = '2026-01-01T00:00:00.000Z';
  return { source: SOURCE, revision, hash: `hash of ${revision}`, config, readBy: '1.0.0', at, loaded: false };
}

/** A configuration that takes several chunks, since nothing in it can be compressed. */
function large(name: string): Configuration {
  const [app] = COMPLETE.applications;
  if (app === undefined) throw new Error('the fixture has no application');
  const helm = { valueFiles: [], includeCRDs: true, values: { noise: randomBytes(600_000).toString('base64') } };
  return { ...COMPLETE, applications: [{ ...app, name, sources: [{ ...app.sources[0], helm }] }] };
}

function namesIn(stored: StoredConfiguration | undefined): readonly string[] {
  return (stored?.config.applications ?? []).map(({ name }) => name);
}

/** What every ConfigStore does. */
export function configStoreContract(open: Open): void {
  const openWorld = async (): Promise<World> => {
    const world = await open();
    const other = () => createConfigStore(world);
    return { ...world, store: other(), other };
  };

  async function keysOf({ client, table }: World): Promise<readonly string[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'CONFIG' },
        ProjectionExpression: 'sk',
      }),
    );
    return Items.map(({ sk }) => String(sk).split('#')[0] ?? '');
  }

  test('before the first one there is neither a configuration nor a report', async () => {
    const { store } = await openWorld();
    expect(await store.current()).toBeUndefined();
    expect(await store.report()).toBeUndefined();
  });

  test('every field of every kind comes back as it was written, also in another process', async () => {
    const { store, other } = await openWorld();
    const written = await store.replace(next(COMPLETE), undefined);
    expect(written).toEqual({ ...next(COMPLETE), version: 1 });
    expect(await other().current()).toEqual(written);
    expect(await store.current()).toEqual(written);
  });

  test('one that takes several chunks is whole, before and after it is replaced', async () => {
    const { store, other } = await openWorld();
    const [first, second] = [large('first'), large('second')];
    const written = await store.replace(next(first), undefined);
    expect((await other().current())?.config).toEqual(first);
    await store.replace(next(second, 'r2'), written);
    expect((await other().current())?.config).toEqual(second);
  });

  test('of several that replace the same one, exactly one does, and none mixes with it', async () => {
    const { other } = await openWorld();
    const names = ['a', 'b', 'c', 'd'];
    const written = await Promise.all(names.map((name) => other().replace(next(large(name), name), undefined)));
    const won = written.filter((one) => one !== undefined);
    expect(won).toHaveLength(1);
    expect(await other().current()).toEqual(won[0]);
  });

  test('one that was replaced since it was read cannot be replaced again, nor marked', async () => {
    const { store } = await openWorld();
    const first = await store.replace(next(COMPLETE), undefined);
    if (first === undefined) throw new Error('not written');
    await store.replace(next(large('b'), 'r2'), first);
    expect(await store.replace(next(large('c'), 'r3'), first)).toBeUndefined();
    expect(await store.mark({ ...first, loaded: true })).toBeUndefined();
    const current = await store.current();
    expect({ names: namesIn(current), loaded: current?.loaded }).toEqual({ names: ['b'], loaded: false });
  });

  test('a mark changes everything but the documents and their hash', async () => {
    const { store, other } = await openWorld();
    const first = await store.replace(next(COMPLETE), undefined);
    if (first === undefined) throw new Error('not written');
    const loadingUntil = '2026-01-01T00:01:00.000Z';
    const taken = await store.mark({ ...first, loadingUntil, revision: 'r2', hash: 'other' });
    expect(taken).toEqual({ ...first, version: 2, loadingUntil, revision: 'r2' });
    const { loadingUntil: _until, ...ended } = taken ?? first;
    expect(await store.mark({ ...ended, loaded: true })).toEqual({ ...ended, version: 3, loaded: true });
    expect(await other().current()).toEqual({ ...first, version: 3, revision: 'r2', loaded: true });
  });

  test('documents that were replaced an hour ago, or never completed, are deleted with the next one', async () => {
    const world = await openWorld();
    const { store, clock, client, table } = world;
    const abandoned = `DOC#${new Date(clock.now()).toISOString()}#gone#0000`;
    await client.send(new PutCommand({ TableName: table, Item: { pk: 'CONFIG', sk: abandoned } }));
    const first = await store.replace(next(large('a')), undefined);
    await clock.advance(60 * 60_000 + 1);
    await store.replace(next(COMPLETE, 'r2'), first);
    expect(await keysOf(world)).toEqual(['CURRENT', 'DOC']);
    expect((await world.other().current())?.config).toEqual(COMPLETE);
  });

  test('a report is kept as it is, and replaced as a whole', async () => {
    const { store } = await openWorld();
    const problems = [{ file: 'config/a.yaml', line: 3, field: 'spec', message: 'is missing; write a mapping' }];
    const since = '2026-01-01T00:00:00.000Z';
    const invalid: ConfigReport = { status: 'invalid', source: SOURCE, revision: 'r1', problems, count: 1, since };
    const error = { code: 'GitUnreachable', message: 'no answer', hint: 'try again' };
    const failed: ConfigReport = { status: 'failed', source: SOURCE, problems: [], count: 0, error, since };
    await store.putReport(invalid);
    expect(await store.report()).toEqual(invalid);
    await store.putReport(failed);
    expect(await store.report()).toEqual(failed);
  });

  test('one that a newer deployer wrote is refused, and stays', async () => {
    const { store, other, client, table } = await openWorld();
    await store.replace(next(COMPLETE), undefined);
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: 'CONFIG', sk: 'CURRENT' },
        UpdateExpression: 'SET schemaVersion = :newer',
        ExpressionAttributeValues: { ':newer': 2 },
      }),
    );
    await expect(other().current()).rejects.toMatchObject({ code: 'StateTooNew' });
  });
}
