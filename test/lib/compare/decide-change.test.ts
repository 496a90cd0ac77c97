import { compareObject, type DryRunObject, recreateObjection } from '../../../lib/compare/compare-object.ts';
import { type ChangeOptions, decideChange } from '../../../lib/compare/decide-change.ts';
import { refusalsOf } from '../../../lib/compare/refusals.ts';
import type { ApplyResult } from '../../../lib/model/cluster-api.ts';
import type { ManagedFieldsEntry } from '../../../lib/model/kube-object.ts';
import { desiredOf, liveOf, objectOf } from '../plan/objects.ts';

const api = desiredOf(objectOf('apps/v1 Deployment/api', {}, { spec: { replicas: 2 } }));
const refusal = { id: api.id, source: 'app.yaml:1' };
const other = { labels: { 'driftless.dev/app': 'blog' } };
const replicas = { path: 'spec.replicas', from: 1, to: 2 };

const owns = (manager: string, fields: object, more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Apply',
  apiVersion: 'apps/v1',
  fieldsV1: { ...fields },
  ...more,
});
const ours = { managedFields: [owns('driftless', { 'f:spec': {} })] };

/** The decision about an object where the server would make this of it; by default, the object with our fields. */
function decided(
  { live, result = { status: 'applied', object: liveOf(api, ours) } }: Partial<DryRunObject>,
  options: Partial<ChangeOptions> = {},
) {
  return decideChange(api, compareObject(api, { live, result }), {
    force: false,
    recreate: false,
    pruneProtected: [],
    ...options,
  });
}

describe('what the server would let through', () => {
  const live = liveOf(api, ours);

  test('is created where nothing is live', () => {
    expect(decided({ live: undefined })).toEqual({
      ...api,
      action: 'created',
      fields: [],
      force: false,
    });
  });

  test('is configured where a field changes', () => {
    expect(decided({ live: { ...live, spec: { replicas: 1 } } })).toEqual({
      ...api,
      action: 'configured',
      fields: [replicas],
      force: false,
    });
  });

  test('is unchanged where nothing would change, and the version that is live is recorded', () => {
    expect(decided({ live })).toEqual({
      ...api,
      action: 'unchanged',
      fields: [],
      force: false,
      live: { uid: 'uid-1', resourceVersion: '5' },
    });
  });

  test.each([
    ['we own more fields than before', [owns('driftless', {})]],
    ['we own nothing yet', []],
    ['we own fields of a subresource only', [owns('driftless', { 'f:spec': {} }, { subresource: 'scale' })]],
    ['we own what was updated in our name only', [owns('driftless', { 'f:spec': {} }, { operation: 'Update' })]],
  ])('is configured where %s', (_what, managedFields) => {
    expect(decided({ live: liveOf(api, { managedFields }) })).toEqual({
      ...api,
      action: 'configured',
      fields: [],
      force: false,
      note: 'only the owner of its fields changes',
    });
  });

  test('is configured where a former tool owns fields, and its ownership is taken over', () => {
    const managedFields = [owns('kubectl', { 'f:spec': {} })];
    expect(decided({ live: liveOf(api, { managedFields }) })).toEqual({
      ...api,
      action: 'configured',
      fields: [],
      force: true,
      takeOver: true,
      note: 'takes over from the tool that deployed it',
    });
  });

  test('is marked where another application has it, which is asked before anything is taken over', () => {
    expect(decided({ live: liveOf(api, other) })).toMatchObject({
      action: 'configured',
      from: { app: 'blog', isProven: false, uid: 'uid-1' },
    });
  });

  test('may be adopted where it belongs to no application', () => {
    expect(decided({ live: liveOf(api, { labels: {} }) })).toMatchObject({ action: 'configured' });
  });
});

describe('an immutable field that changes', () => {
  const result: Extract<ApplyResult, { status: 'refused' }> = {
    status: 'refused',
    reason: 'immutable',
    message: 'Deployment "api" is invalid',
    causes: [{ field: 'spec.selector', message: 'field is immutable' }],
  };
  const live = liveOf(api);

  test('is refused with the remedy', () => {
    expect(decided({ live, result })).toEqual([
      {
        ...refusal,
        field: 'spec.selector',
        message:
          'field is immutable; set sync.recreate: true, or the annotation driftless.dev/recreate: "true", to delete and create it',
      },
    ]);
  });

  test.each([
    ['deletes the object that is live, by its uid', live, { live: { uid: 'uid-1', resourceVersion: '5' } }],
    ['needs no deletion where it has vanished', undefined, {}],
  ])('where that is allowed, %s', (_what, found, more) => {
    expect(decided({ live: found, result }, { recreate: true })).toEqual({
      ...api,
      action: 'recreated',
      fields: [{ path: 'spec.selector' }],
      force: false,
      note: 'an immutable field changes',
      ...more,
    });
  });

  test('what belongs to another application is recreated only where that one hands it over, which is settled later', () => {
    expect(decided({ live: liveOf(api, other), result }, { recreate: true })).toMatchObject({
      action: 'recreated',
      from: { app: 'blog', isProven: false },
    });
    expect(decided({ live: liveOf(api, other), result }, { recreate: false })).toMatchObject([
      { message: expect.stringContaining('it belongs to application blog; set sync.recreate: true') },
    ]);
  });

  test('the server named no field', () => {
    expect(decided({ live, result: { ...result, causes: [{ message: 'no' }] } }, { recreate: true })).toMatchObject({
      fields: [],
    });
  });
});

test.each([
  ['without causes, its message', [], [{ ...refusal, message: 'denied' }]],
  [
    'with causes, each of them',
    [{ field: 'spec.a', message: 'is wrong' }, { message: 'is wrong too' }],
    [
      { ...refusal, field: 'spec.a', message: 'is wrong' },
      { ...refusal, message: 'is wrong too' },
    ],
  ],
])('a refusal of the server is, %s', (_what, causes, refusals) => {
  expect(refusalsOf(api, { status: 'refused', reason: 'invalid', message: 'denied', causes })).toEqual(refusals);
});

test('P10: a conflict is one refusal for each field, with the manager and the lines of both remedies', () => {
  const conflicts = [
    { manager: 'hpa', field: '.spec.replicas' },
    { manager: 'injector', field: '.spec.paused' },
  ];
  const { kind, name } = api.id;
  const remedy = (field: string): string =>
    `owns it; to leave it as it is, write \`drift: { ignore: [{ kind: ${kind}, name: "${name}", fields: ["${field}"] }] }\` in the Application's spec; to take it over, \`sync: { force: true }\``;
  expect(refusalsOf(api, { status: 'conflict', conflicts })).toEqual([
    { ...refusal, field: '.spec.replicas', message: `field manager "hpa" ${remedy('spec.replicas')}` },
    { ...refusal, field: '.spec.paused', message: `field manager "injector" ${remedy('spec.paused')}` },
  ]);
});

test.each([
  ['without an annotation, as the application says', undefined, true, true],
  ['without an annotation, as the application says', undefined, false, false],
  ['with the annotation "true"', 'true', false, true],
  ['with the annotation "false"', 'false', true, false],
  ['with any other annotation', 'yes', true, false],
])('an object may be recreated %s', (_what, annotation, appWide, may) => {
  const annotations = annotation === undefined ? {} : { annotations: { 'driftless.dev/recreate': annotation } };
  const desired = desiredOf(objectOf('ConfigMap/a', annotations));
  const options = { recreate: appWide, pruneProtected: [] };
  expect(recreateObjection(desired, liveOf(desired), options) === undefined).toBe(may);
});
