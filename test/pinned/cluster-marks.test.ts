// Marks that the deployer leaves in clusters: a cluster that another version has written to has them.

import { ownEntry } from '../../lib/managed-fields/owners.ts';
import { managedFieldsTakenOver } from '../../lib/managed-fields/takeover.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { APP_LABEL } from '../../lib/ownership/labels.ts';
import { configMap, withRig } from '../lib/sync/rig.ts';

const rigs = withRig();

test('what is deployed has the label of its application, and a hook the name of its operation', async () => {
  const rig = await rigs.open();
  rig.cluster.controller = ({ kind }) =>
    kind === 'Job' ? { conditions: [{ type: 'Complete', status: 'True' }] } : undefined;
  const hook: KubeObject = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
    spec: {},
  };
  await rig.deploy(configMap('a'), hook);
  const { metadata } = rig.cluster.find('ConfigMap/store/a');
  expect([APP_LABEL, metadata.labels, metadata.annotations]).toEqual([
    'driftless.dev/app',
    { 'driftless.dev/app': 'shop', 'driftless.dev/deployer': 'test' },
    undefined,
  ]);
  expect(rig.cluster.find('Job/store/migrate').metadata).toMatchObject({
    labels: { 'driftless.dev/app': 'shop' },
    annotations: { 'argocd.argoproj.io/hook': 'PreSync', 'driftless.dev/operation': 'shop-1' },
  });
});

test('fields are owned by the manager driftless, by apply', () => {
  const entry = (manager: string, operation: 'Apply' | 'Update') => ({
    manager,
    operation,
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': { 'f:value': {} } },
  });
  const managedFields = [entry('argocd-controller', 'Apply'), entry('driftless', 'Apply')];
  const object = { ...configMap('a'), metadata: { name: 'a', managedFields } };
  expect(ownEntry(object)).toMatchObject({ manager: 'driftless', operation: 'Apply' });
  expect(managedFieldsTakenOver(object)?.map(({ manager }) => manager)).toEqual(['driftless']);
});
