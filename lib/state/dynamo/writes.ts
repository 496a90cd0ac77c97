import { DriftlessError } from '../../errors.ts';
import { type Operation, operationName } from '../../model/operation.ts';
import { type Meta, parseMeta } from '../schema/records.ts';
import { metaKey, operationKey, TABLE } from './keys.ts';
import { currentVersion } from './migrations.ts';
import type { Write } from './transactions.ts';

type Attributes = Readonly<Record<string, unknown>>;

const ITEM_LIMIT_BYTES = 400_000;

/** The write of META: sets these attributes, removes undefined ones, on condition that the version is still the one that was read. */
export function metaUpdate(app: string, before: Meta | undefined, change: Attributes): Write {
  const set = inCurrentVersion(before, change);
  assertFits(`Application/${app}`, { ...before, ...set });
  const entries = Object.entries({ ...set, version: (before?.version ?? 0) + 1 });
  const kept = entries.filter(([, value]) => value !== undefined);
  const removed = entries.filter(([, value]) => value === undefined);
  const setting = `SET ${kept.map(([name]) => `#${name} = :${name}`).join(', ')}`;
  const removing = removed.length === 0 ? '' : ` REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}`;
  return {
    Update: {
      Key: { ...metaKey(app) },
      UpdateExpression: setting + removing,
      ConditionExpression: before === undefined ? 'attribute_not_exists(#version)' : '#version = :asRead',
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...(before === undefined ? {} : { ':asRead': before.version }),
        ...Object.fromEntries(kept.map(([name, value]) => [`:${name}`, plain(value)])),
      },
    },
  };
}

/** META as that write leaves it. */
export function updatedMeta(app: string, before: Meta | undefined, change: Attributes): Meta {
  const set = inCurrentVersion(before, change);
  return parseMeta(app, plain({ ...before, ...set, version: (before?.version ?? 0) + 1 }));
}

/** What is to be written: all of an item that an older version of the program wrote, since a part of it would be a mixture of two. */
function inCurrentVersion(before: Meta | undefined, change: Attributes): Attributes {
  const schemaVersion = currentVersion('application');
  return before === undefined || before.schemaVersion === schemaVersion
    ? change
    : { ...before, ...change, schemaVersion };
}

/** The write of an operation that goes on. */
export function operationPut(operation: Operation): Write {
  return { Put: { Item: operationItem(operation) } };
}

/** The write of an operation that has ended, which the table forgets some time later. */
export function endedOperationPut(operation: Operation, forgetAt: number): Write {
  return { Put: { Item: { ...operationItem({ ...operation, phase: 'done' }), [TABLE.timeToLive]: forgetAt } } };
}

function operationItem(operation: Operation): Record<string, unknown> {
  assertFits(`operation ${operationName(operation)}`, operation);
  return { ...plain(operation), ...operationKey(operation.app, operation.seq) };
}

/** Refuses an item that DynamoDB would refuse. */
function assertFits(subject: string, item: unknown): void {
  const size = Buffer.byteLength(JSON.stringify(item));
  if (size <= ITEM_LIMIT_BYTES) return;
  const kB = (bytes: number) => `${Math.ceil(bytes / 1000)} kB`;
  throw new DriftlessError(
    'StateTooLarge',
    `${subject}: its record of ${kB(size)} is over the limit of ${kB(ITEM_LIMIT_BYTES)}; shorten it`,
  );
}

/** A value without fields that are undefined, which DynamoDB does not know. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
