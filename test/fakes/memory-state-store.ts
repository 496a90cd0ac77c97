import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import type { Fixture } from '../contracts/state-store/fixtures.ts';
import { memoryTable } from './dynamodb/memory-table.ts';
import { ManualClock } from './manual-clock.ts';
import { RecordingLog } from './recording-log.ts';

export type TableFixture = Fixture & {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly log: RecordingLog;
};

/** A state store, and all that shares its table, in memory: the product's own, on a table that passes the same contract as the emulator. */
export async function openMemoryStore(): Promise<TableFixture> {
  return storeOn({ client: memoryTable(), table: 'state' });
}

/** The state store of a new table. */
export function storeOn(target: Pick<TableFixture, 'client' | 'table'>): TableFixture {
  const clock = new ManualClock();
  const log = new RecordingLog();
  const other = (worker: string) => createStateStore({ ...target, clock, log, worker });
  return { store: createStateStore({ ...target, clock, log }), clock, log, ...target, other };
}
