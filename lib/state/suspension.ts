import { isDeepStrictEqual } from 'node:util';
import type { HeldRevision, Suspension } from '../model/application-record.ts';
import type { HeadChange } from '../model/head.ts';
import { changeMeta, type Decision, type Store } from './application-item.ts';
import { applicationUnknown } from './dynamo/errors.ts';
import type { Meta } from './schema/records.ts';

const MOST_HELD = 10;

/** Stops what is deployed and corrected by itself, or lets it go on. */
export function suspend(store: Store, app: string, suspended: Suspension | undefined): Promise<void> {
  return changeKnown(store, app, (meta) =>
    suspended === undefined && meta.suspended === undefined ? {} : { set: { suspended } },
  );
}

/** Replaces the list of held commits. */
export function hold(store: Store, app: string, held: readonly HeldRevision[]): Promise<void> {
  return changeKnown(store, app, () => ({ set: { held: newest(held) } }));
}

/** Writes what is known of the newest commit. An application that was removed meanwhile has none. */
export function putHead(store: Store, app: string, { head, over, events = [] }: HeadChange): Promise<boolean> {
  return changeMeta<boolean>(store, app, (meta) => {
    if (meta?.app === undefined || !isDeepStrictEqual(meta.head, over)) return { result: false };
    return { result: true, set: { head }, events };
  });
}

/** As many held commits as a record keeps; the older ones are let go. */
export function newest(held: readonly HeldRevision[]): readonly HeldRevision[] {
  return held.slice(-MOST_HELD);
}

type Change = Pick<Decision<void>, 'set'>;

function changeKnown(store: Store, app: string, change: (meta: Meta) => Change): Promise<void> {
  return changeMeta<void>(store, app, (meta) => {
    if (meta?.app === undefined) throw applicationUnknown(app);
    return { result: undefined, ...change(meta) };
  });
}
