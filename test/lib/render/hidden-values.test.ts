import { hiddenValues } from '../../../lib/render/hidden-values.ts';
import { treeOf } from './fixture.ts';

const options = { valueFiles: ['/env/prod.yaml'], includeCRDs: true };

test('every long text among the values is hidden, the longest first, each line of a block alone too (security case 7)', () => {
  const files = treeOf({
    'chart/Chart.yaml': 'name: not-a-value-of-the-chart\n',
    'chart/values.yaml': 'db: {password: "in the \\"chart\\""}\nshort: secret\nreplicas: 12345678901\n',
    'chart/charts/sub/values.yaml': '- [in-a-dependency]\n',
    'env/prod.yaml': 'key: |\n  -----BEGIN KEY-----\n  in-a-values-file\n',
    'env/other.yaml': 'a: not-used-anywhere\n',
  });
  expect(hiddenValues('chart', files, { ...options, values: { token: 'inline-value' } })).toEqual([
    '-----BEGIN KEY-----\\nin-a-values-file',
    '-----BEGIN KEY-----\nin-a-values-file',
    '-----BEGIN KEY-----',
    'in the \\"chart\\"',
    'in-a-values-file',
    'in-a-dependency',
    'in the "chart"',
    'inline-value',
  ]);
});

test('a value that is part of a file name is told, since messages name files', () => {
  const files = treeOf({ 'chart/values.yaml': 'name: shop-frontend\n', 'chart/templates/shop-frontend.yaml': '' });
  expect(hiddenValues('chart', files, { valueFiles: [], includeCRDs: true })).toEqual([]);
});

test('values that refer to each other a million times over are looked at once', () => {
  const levels = Array.from(
    { length: 5 },
    (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(9)}]\n`,
  );
  const files = treeOf({ 'chart/values.yaml': `l0: &l0 [a-long-enough-value]\n${levels.join('')}` });
  expect(hiddenValues('chart', files, { valueFiles: [], includeCRDs: true })).toEqual(['a-long-enough-value']);
});
