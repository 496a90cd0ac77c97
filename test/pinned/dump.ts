// What a deployer has persisted, as files of a folder; bytes are base64, so that they are exactly those that were written.
// `node test/pinned/dump.ts FOLDER` writes the dump of this version. The dump of a version that was released is never written again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTable, dynamoDbClient, startDynamoDb } from '../../dev/dynamodb.ts';
import { live, liveOn } from './story.ts';
import { openWorld, type Persisted } from './world.ts';

const BYTES = '$base64';

/** Reads a dump. */
export function readDump(folder: string): Persisted {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'), decoded);
  const { now, commits } = read('world.json');
  return {
    now,
    commits,
    items: read('table.json'),
    blobs: new Map(Object.entries<Uint8Array>(read('blobs.json'))),
    journals: new Map(Object.entries<{ readonly name: string; readonly end: string }[]>(read('journals.json'))),
  };
}

function writeDump(folder: string, { now, items, blobs, journals, commits }: Persisted): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, encoded, 1)}\n`);
  write('table.json', items);
  write('blobs.json', Object.fromEntries(blobs));
  write('journals.json', Object.fromEntries(journals));
  write('world.json', { now, commits });
}

function encoded(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  // A Buffer has made JSON of itself already where a replacer is handed it.
  const held = this[name];
  return held instanceof Uint8Array ? { [BYTES]: Buffer.from(held).toString('base64') } : value;
}

function decoded(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(BYTES in value)) return value;
  return new Uint8Array(Buffer.from(String(value[BYTES]), 'base64'));
}

async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new Error('name the folder that the dump is written to');
  const db = await startDynamoDb({ emulators: ['dynoxide'] });
  const client = dynamoDbClient(db.endpoint);
  await createTable(client, 'state');
  const world = await openWorld({ client, table: 'state' });
  await live(world);
  await liveOn(world);
  writeDump(folder, await world.persisted());
  client.destroy();
  await db.stop();
}

if (import.meta.main) await main(process.argv[2]);
