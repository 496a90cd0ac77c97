// What the API answers with, and the command line prints, is made of these; see shape.ts for how to read them.

const HEALTH = '{ message: string, status: string }';
export const ERROR = { error: '{ code: string, hint: string, message: string }' };
export const ASKED = { app: 'string', operation: 'string', seq: 'number', status: 'string' };
export const SUSPENSION = { at: 'string', by: 'string', reason: 'string', until: 'string' };
const SOURCE = '{ path: string, ref: string, repo: string }';
const PLAN =
  '{ configured: number, created: number, deleted: number, recreated: number, refused: number, skipped: number, unchanged: number }';

/** An operation that has ended, a rollback. */
export const OPERATION = {
  app: 'string',
  changeSetKey: 'string',
  endedAt: 'string',
  outcome: `{ health: ${HEALTH}, message: string, revision: string, status: string }`,
  phase: 'string',
  plan: PLAN,
  renderedKey: 'string',
  requestedAt: 'string',
  revision: 'string',
  seq: 'number',
  startedAt: 'string',
  timings: '{ apply: number, plan: number, prune: number, render: number, resolve: number }',
  trigger: '{ by: string, kind: string, undo: string }',
};

/** What a commit says of itself. */
export const COMMIT = '{ at: string, author: string, signed: boolean, subject: string }';

const OBJECT_ID =
  'apiVersion: string, CHANGED, group: string, guards: [], health: { message: string, status: string }, kind: string, name: string, namespace: string';

/** Objects as they are recorded; of some, no operation is known. */
export const OBJECTS = {
  items: `[{ ${OBJECT_ID.replace('CHANGED', 'changed?: { action: string, at: string, seq: number }, createdAt?: string')}, sync: { difference?: string, reason?: string, since?: string, status: string }, wave?: number }]`,
  scannedAt: 'string',
};

/** Objects as they are now: not there. */
export const LIVE_OBJECTS = {
  items: `[{ ${OBJECT_ID.replace('CHANGED', 'changed: { action: string, at: string, seq: number }, createdAt: string')}, sync: { difference: string, reason: string, status: string }, wave: number }]`,
  scannedAt: 'string',
};

/** Objects with what they own, which is nothing. */
export const TREE = {
  app: 'string',
  at: 'string',
  items:
    '[{ apiVersion: string, children: [], group: string, health: { message: string, status: string }, kind: string, name: string, namespace: string }]',
  unread: '[]',
};

/** Events of objects that have none. */
export const EVENTS = { app: 'string', items: '[]', unread: '[]' };

/** Operations of a history, one of them refused. */
export const HISTORY = {
  ...OPERATION,
  outcome: `{ health?: ${HEALTH}, message: string, revision: string, status: string }`,
  timings: '{ apply?: number, plan: number, prune?: number, render: number, resolve: number }',
  trigger: '{ by?: string, kind: string, undo?: string }',
};

/** An application that was deployed, rolled back to its first deployment, and has drifted. */
export const APPLICATION = {
  name: 'string',
  project: 'string',
  source: SOURCE,
  destination: '{ cluster: string, namespace: string }',
  mode: 'string',
  sync: '{ reason: string, status: string }',
  health: '{ message: string, objects: [], since: string, status: string }',
  revision: 'string',
  lastOperation: textOf(OPERATION),
  drift: '{ count: number, mode: string, scan: string, scannedAt: string, since: string, status: string }',
  held: '[{ at: string, reason: string, revision: string }]',
};

/** Applications, of which one was never deployed, and one is suspended. */
export const APPLICATIONS = {
  ...withOptional({ ...APPLICATION, health: '{ message: string, since: string, status: string }' }, [
    'health',
    'revision',
  ]),
  sync: '{ reason?: string, status: string }',
  lastOperation: textOf({
    ...withOptional(OPERATION, [
      'changeSetKey',
      'endedAt',
      'outcome',
      'plan',
      'renderedKey',
      'revision',
      'startedAt',
      'timings',
    ]),
    trigger: '{ by?: string, kind: string, undo?: string }',
  }),
  drift:
    '{ count: number, deployed?: boolean, mode: string, reason?: string, scan?: string, scannedAt?: string, since?: string, status: string }',
  'suspended?': textOf(SUSPENSION),
};

export const CONFIGURATION = `{ count: number, problems: [], revision: string, since: string, source: ${SOURCE}, status: string }`;

const DRIFTED = {
  apiVersion: 'string',
  by: '[]',
  drift: 'string',
  fields: '[{ from: string, path: string, to: string }]',
  firstSeen: '{ at: string, scan: string }',
  handling: 'string',
  id: '{ group: string, kind: string, name: string, namespace: string }',
  since: 'string',
};

/** The drift of an application. */
export const DRIFT = {
  app: 'string',
  cluster: 'string',
  count: 'number',
  mode: 'string',
  objects: `[${textOf(DRIFTED)}]`,
  scan: 'string',
  scannedAt: 'string',
  since: 'string',
  status: 'string',
};

/** The drift of several applications, one of them never deployed. */
export const DRIFTS = {
  ...withOptional(DRIFT, ['scan', 'scannedAt', 'since']),
  objects: `[${textOf({ ...DRIFTED, 'note?': 'string' })}]`,
  'deployed?': 'boolean',
  'reason?': 'string',
};

/** The fields as one text. */
export function textOf(fields: Readonly<Record<string, string>>): string {
  const entries = Object.entries(fields).toSorted(([a], [b]) => (a.replace('?', '') < b.replace('?', '') ? -1 : 1));
  return `{ ${entries.map(([name, shape]) => `${name}: ${shape}`).join(', ')} }`;
}

function withOptional(
  fields: Readonly<Record<string, string>>,
  optional: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, shape]) => [optional.includes(name) ? `${name}?` : name, shape]),
  );
}
