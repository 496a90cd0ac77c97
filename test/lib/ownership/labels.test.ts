import fc from 'fast-check';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { isIdentityField, labelled, withoutDeployer } from '../../../lib/ownership/labels.ts';

const DEPLOYER = 'driftless.dev/deployer';

const object = (labels: Readonly<Record<string, string>> | undefined, owned: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    ...(labels && { labels }),
    managedFields: [{ manager: 'driftless', operation: 'Apply', fieldsV1: { 'f:metadata': { 'f:labels': owned } } }],
  },
});

test('a manifest sets neither of the two labels', () => {
  const labels = { team: 'blue', 'driftless.dev/app': 'x', [DEPLOYER]: 'x' };
  expect(labelled(labels, { app: 'shop', deployer: 'east' })).toEqual({
    team: 'blue',
    'driftless.dev/app': 'shop',
    [DEPLOYER]: 'east',
  });
  expect(labelled(labels, { app: 'shop' })).toEqual({ team: 'blue', 'driftless.dev/app': 'shop' });
});

test.each([
  [['metadata', 'labels', 'driftless.dev/app'], true],
  [['metadata', 'labels', DEPLOYER], true],
  [['metadata', 'labels', 'team'], false],
  [['metadata', 'annotations', DEPLOYER], false],
  [['metadata', 'labels'], false],
])('%j is never left to others: %s', (path, isOurs) => {
  expect(isIdentityField(path)).toBe(isOurs);
});

test('an object with the label is compared as one without it, its owners too', () => {
  const label = fc.dictionary(fc.constantFrom('team', 'tier', 'driftless.dev/app'), fc.constantFrom('a', 'b'));
  fc.assert(
    fc.property(label, fc.constantFrom('east', 'west'), (labels, deployer) => {
      const owned = Object.fromEntries(Object.keys(labels).map((name) => [`f:${name}`, {}]));
      const without = object(Object.keys(labels).length === 0 ? undefined : labels, owned);
      const withLabel = object({ ...labels, [DEPLOYER]: deployer }, { ...owned, [`f:${DEPLOYER}`]: {} });
      const { labels: left } = withoutDeployer(withLabel).metadata;
      expect(left).toEqual(without.metadata.labels);
      // Where nothing else was owned, nothing of the metadata is.
      const entries = withoutDeployer(withLabel).metadata.managedFields;
      const expected =
        Object.keys(owned).length === 0 ? [{}] : without.metadata.managedFields?.map((one) => one.fieldsV1);
      expect(entries?.map(({ fieldsV1 }) => fieldsV1)).toEqual(expected);
    }),
  );
});

test('other fields of other managers stay', () => {
  const fieldsV1 = { 'f:metadata': { 'f:labels': { '.': {}, [`f:${DEPLOYER}`]: {} } }, 'f:data': { 'f:a': {} } };
  const live = { ...object({}), metadata: { name: 'a', managedFields: [{ manager: 'kubectl', fieldsV1 }] } };
  expect(withoutDeployer(live).metadata.managedFields).toEqual([
    { manager: 'kubectl', fieldsV1: { 'f:data': { 'f:a': {} } } },
  ]);
});
