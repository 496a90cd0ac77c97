import type { Notification, NotificationKind } from './notification.ts';

/** Where events have an order: those of an application, of a cluster, or of the configuration. */
export type EventStream = `APP#${string}` | `CLUSTER#${string}` | 'CONFIG';

/** What an event reports, `noun.pastTense`. A kind keeps its name and meaning; new ones may come. */
type EventKind = NotificationKind;

/** An event as its writer has it, before it has a place in a stream. */
export type EventDraft = {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: EventKind;
  readonly app?: string;
  readonly cluster?: string;
  /** The operation that the event is about, and its commit. */
  readonly seq?: number;
  readonly revision?: string;
  /** The same for the same event: a stream takes an event once, however often it is written. */
  readonly key: string;
  readonly data: Pick<Notification, 'title' | 'lines'>;
};

/** An event in its stream. No value of a Secret is ever in it. */
export type StreamEvent = EventDraft & {
  readonly v: 1;
  readonly stream: EventStream;
  /** The place in the stream: 1, 2, 3, without a gap. */
  readonly n: number;
};

/** The stream of an application. */
export function applicationStream(app: string): EventStream {
  return `APP#${app}`;
}

/** The stream of a cluster. */
export function clusterStream(cluster: string): EventStream {
  return `CLUSTER#${cluster}`;
}

/** Whether a text names a stream. */
export function isEventStream(text: string): text is EventStream {
  return text === 'CONFIG' || /^(APP|CLUSTER)#/.test(text);
}

/** The event that a notification is delivered from. */
export function eventOf(
  { kind, at, app, cluster, title, lines }: Notification,
  more: Pick<EventDraft, 'key' | 'seq' | 'revision'>,
): EventDraft {
  const about = { ...(app !== undefined && { app }), ...(cluster !== undefined && { cluster }) };
  return { at, kind, ...about, ...more, data: { title, lines } };
}

/** An event as people are notified of it. */
export function notificationOf({ kind, at, app, cluster, data }: EventDraft): Notification {
  return { kind, at, ...(app !== undefined && { app }), ...(cluster !== undefined && { cluster }), ...data };
}
