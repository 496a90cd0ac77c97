import { formatChangeSet, formatFieldChange, formatRefusal } from '../../../lib/diff/format.ts';

const api = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'api' };

test('a change set reads object by object, field by field', () => {
  const text = formatChangeSet({
    changes: [
      {
        id: api,
        action: 'configured',
        fields: [{ path: 'spec.template.spec.containers[api].image', from: 'v1', to: 'v2' }],
      },
      { id: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'old' }, action: 'deleted', fields: [] },
      { id: { group: '', kind: 'Namespace', name: 'gone' }, action: 'skipped', fields: [], note: 'protected' },
      { id: { group: '', kind: 'Service', namespace: 'shop', name: 'api' }, action: 'unchanged', fields: [] },
    ],
    refusals: [{ id: api, source: 'api.yaml:3', field: 'spec.replicas', message: 'must be a number' }],
  });
  expect(text.split('\n')).toEqual([
    '~ Deployment/shop/api configured',
    '    Deployment/shop/api: spec.template.spec.containers[api].image: v1 → v2',
    '- ConfigMap/shop/old deleted',
    '! Namespace/gone skipped (protected)',
    'x Deployment/shop/api: spec.replicas: must be a number (api.yaml:3)',
    '1 configured, 1 unchanged, 1 deleted, 1 skipped, 1 refused',
  ]);
});

test('an empty change set says so', () => {
  expect(formatChangeSet({ changes: [], refusals: [] })).toBe('nothing to do');
});

test('a long value is cut, with its length', () => {
  const fields = [{ path: 'data.a', to: 'x'.repeat(5000) }];
  const text = formatChangeSet({ changes: [{ id: api, action: 'configured', fields }], refusals: [] });
  expect(text.length).toBeLessThan(400);
  expect(text).toContain('(5000 characters)');
});

test('a refusal without field or source is still a sentence', () => {
  expect(formatRefusal({ id: api, message: 'no' })).toBe('Deployment/shop/api: no');
});

test('a field whose values are not known is named alone', () => {
  expect(formatFieldChange({ path: 'spec.selector' })).toBe('spec.selector');
});
