import { appOf, appYaml, problemsOf } from './configs.ts';

const NAME_RULE = 'lower-case letters, digits and dashes, with a letter or digit at both ends';

test.each([
  ['1', 1],
  ['2', 2],
])('line numbers hold when %s documents stand before', (_count, before) => {
  const first = 'apiVersion: driftless.dev/v1\nkind: Project\nmetadata: { name: p$ }\n---\n';
  const text =
    Array.from({ length: before }, (_, index) => first.replace('$', `${index}`)).join('') +
    appYaml({ sync: { mode: 'x' } });
  expect(problemsOf(text)).toEqual([
    `a.yaml:${before * 4 + 7}: spec.sync.mode: "x" is not possible; write one of auto, manual`,
  ]);
});

test.each([
  [
    'names the field, not its parent',
    'spec:\n  source:\n    repo: https://github.com/acme/shop\n\n    # which?\n    ref:\n      ""\n  destination: { namespace: a }',
    9,
  ],
  ['names the parent of a missing field', 'spec:\n  source:\n    ref: main\n  destination: { namespace: a }', 5],
  [
    'names the entry of a list',
    'spec:\n  source:\n    repo: https://github.com/acme/shop\n    helm:\n      valueFiles:\n        - a\n        -\n          http://b\n  destination: { namespace: a }',
    11,
  ],
])('the line %s', (_situation, spec, line) => {
  const [problem, ...others] = problemsOf(
    `apiVersion: driftless.dev/v1\nkind: Application\nmetadata: { name: shop }\n${spec}\n`,
  );
  expect(problem).toMatch(new RegExp(`^a.yaml:${line}: spec.source`));
  expect(others).toEqual([]);
});

test.each([
  ['an unknown field', { source: { pth: 'a' } }, '5: spec.source.pth: is not a field; write path'],
  [
    'a field in another case',
    { sync: { createnamespace: true } },
    '7: spec.sync.createnamespace: is not a field; write createNamespace',
  ],
  [
    'a field that resembles nothing',
    { destination: { server: 'x' } },
    '6: spec.destination.server: is not a field; known here are cluster, namespace',
  ],
  ['an unknown field of the specification', { syncPolicy: {} }, '7: spec.syncPolicy: is not a field; write sync'],
  [
    'a merge key',
    { source: { '<<': {} } },
    '5: spec.source.<<: is not a field; known here are repo, ref, path, directory, kustomize, helm',
  ],
  [
    'an empty mapping written as nothing',
    { source: { helm: null } },
    '5: spec.source.helm: is empty; write a mapping, or leave the field out',
  ],
  ['text for a mapping', { sync: 'auto' }, '7: spec.sync: "auto" is not possible; write a mapping'],
  ['a list for a mapping', { drift: [] }, '7: spec.drift: is a list; write a mapping'],
  [
    'a number for text',
    { destination: { namespace: 7 } },
    '6: spec.destination.namespace: 7 is not text; write it in quotes',
  ],
  ['text for yes or no', { sync: { prune: 'yes' } }, '7: spec.sync.prune: "yes" is not possible; write true or false'],
  [
    'text for a list',
    { source: { helm: { valueFiles: 'a.yaml' } } },
    '5: spec.source.helm.valueFiles: "a.yaml" is not possible; write a list',
  ],
  [
    'a number in a list of text',
    { source: { helm: { valueFiles: ['a', 5] } } },
    '5: spec.source.helm.valueFiles[1]: 5 is not text; write it in quotes',
  ],
  [
    'a percentage above 100',
    { sync: { maxPrunePercent: 101 } },
    '7: spec.sync.maxPrunePercent: 101 is not possible; write at most 100',
  ],
  [
    'a percentage below 0',
    { sync: { maxPrunePercent: -1 } },
    '7: spec.sync.maxPrunePercent: -1 is not possible; write at least 0',
  ],
  [
    'half a percent',
    { sync: { maxPrunePercent: 0.5 } },
    '7: spec.sync.maxPrunePercent: 0.5 is not possible; write a whole number',
  ],
  [
    'a kind that needs no protection',
    { sync: { pruneProtected: ['Service'] } },
    '7: spec.sync.pruneProtected[0]: "Service" is not possible; write one of Namespace, CustomResourceDefinition, PersistentVolumeClaim, PersistentVolume',
  ],
  [
    'an unknown drift mode',
    { drift: { mode: 'fix' } },
    '7: spec.drift.mode: "fix" is not possible; write one of correct, report, off',
  ],
  ['no alarm to roll back on', { rollback: {} }, '7: spec.rollback.alarms: is missing; write a list'],
  [
    'an alarm without name',
    { rollback: { alarms: [''] } },
    '7: spec.rollback.alarms[0]: is empty, too long or has a line break; write 1 to 255 characters',
  ],
  [
    'a namespace with an underscore',
    { destination: { namespace: 'my_shop' } },
    `6: spec.destination.namespace: "my_shop" is not a valid name; write at most 63 ${NAME_RULE}`,
  ],
  [
    'a namespace that ends with a dash',
    { destination: { namespace: 'shop-' } },
    `6: spec.destination.namespace: "shop-" is not a valid name; write at most 63 ${NAME_RULE}`,
  ],
  [
    'a release name in capitals',
    { source: { helm: { releaseName: 'Shop' } } },
    '5: spec.source.helm.releaseName: "Shop" is not a release name; write at most 53 lower-case letters, digits, dashes and dots',
  ],
])('%s is a problem of that field alone', (_situation, spec, problem) => {
  expect(problemsOf(appYaml(spec))).toEqual([`a.yaml:${problem}`]);
});

test.each([
  [53, []],
  [54, [`a.yaml:3: metadata.name: "${'a'.repeat(54)}" is not a valid name; write at most 53 ${NAME_RULE}`]],
])('the name of an application may have 53 letters, so %i are right or wrong', (length, problems) => {
  expect(problemsOf(appYaml({}).replace('name: shop', `name: ${'a'.repeat(length)}`))).toEqual(problems);
});

test.each([
  ['10', 'a number without unit'],
  ['', 'nothing'],
  ['1d', 'days'],
  ['1.5h', 'a fraction'],
  ['-5m', 'a negative one'],
  ['5m1h', 'units in the wrong order'],
  ['5 m', 'a blank'],
  ['5M', 'a capital'],
  ['100ms', 'milliseconds'],
  ['PT5M', 'ISO 8601'],
  ['NaNm', 'no number'],
])('"%s" (%s) is not a duration', (written) => {
  expect(problemsOf(appYaml({ sync: { timeout: written } }))).toEqual([
    `a.yaml:7: spec.sync.timeout: ${JSON.stringify(written)} is not a duration; write for example 10m, 1h30m or 90s`,
  ]);
});

test.each(['0s', '0h0m', '24h1s', '999999h'])('%s is a duration, but out of range', (written) => {
  expect(problemsOf(appYaml({ sync: { timeout: written } }))).toEqual([
    `a.yaml:7: spec.sync.timeout: "${written}" is out of range; write a duration from 1s to 24h`,
  ]);
});

test.each([
  ['1s', 1],
  ['90s', 90],
  ['10m', 600],
  ['1h30m', 5400],
  ['1h0m5s', 3605],
  ['24h', 86_400],
])('%s are %i seconds', (written, seconds) => {
  expect(appOf({ sync: { timeout: written } }).sync.timeoutSeconds).toBe(seconds);
});
