import { configOf, problemsOf } from './configs.ts';

const configIn = (text: string) => configOf(new Map([['a.yaml', text]]));

const CLUSTER = `
apiVersion: driftless.dev/v1
kind: Cluster
metadata: { name: prod }
spec:
  kubeconfig: { context: prod }
`;

test('rules of health come from health, then from Argo CD’s customizations: those for one kind, then those with globs', () => {
  const { clusters } = configIn(`${CLUSTER}
  health:
    - { group: acme.example, kind: Widget, cel: "'Healthy'" }
    - { group: "", kind: "*Map", lua: "return {}" }
  resourceCustomizations:
    resource.customizations: |
      "*.acme.example/*":
        health.lua: a
        ignoreDifferences: "jsonPointers: [/spec]"
      acme.example/Gadget:
        health.lua: |
          hs = {}
          return hs
      apps/Deployment: { actions: none }
      PersistentVolumeClaim: { health.lua: b, health.lua.useOpenLibs: true }
    resource.customizations.health.acme.example_Thing: c
    resource.customizations.useOpenLibs.acme.example_Thing: "true"
    resource.customizations.health.Pod: d
    resource.customizations.ignoreDifferences.all: "jsonPointers: [/spec]"
`);
  expect(clusters[0]?.health).toEqual([
    { group: 'acme.example', kind: 'Widget', cel: "'Healthy'" },
    { group: '', kind: '*Map', lua: 'return {}' },
    { group: 'acme.example', kind: 'Gadget', lua: 'hs = {}\nreturn hs\n' },
    { group: '', kind: 'PersistentVolumeClaim', lua: 'b' },
    { group: 'acme.example', kind: 'Thing', lua: 'c' },
    { group: '', kind: 'Pod', lua: 'd' },
    { group: '*.acme.example', kind: '*', lua: 'a' },
  ]);
});

test('the cluster that the deployer was started for may have rules alone', () => {
  const { clusters } = configIn(`
apiVersion: driftless.dev/v1
kind: Cluster
metadata: { name: local }
spec: { health: [{ group: "*", kind: "*", cel: "'Healthy'" }] }
`);
  expect(clusters).toEqual([{ name: 'local', health: [{ group: '*', kind: '*', cel: "'Healthy'" }] }]);
});

const health = (rule: string) => `${CLUSTER}  health: [${rule}]\n`;
const customized = (entry: string) => `${CLUSTER}  resourceCustomizations: { ${entry} }\n`;

test.each([
  [
    'both languages',
    health('{ group: a, kind: B, cel: x, lua: y }'),
    'does not say how to judge the objects; write either cel or lua',
  ],
  ['no language', health('{ group: a, kind: B }'), 'does not say how to judge the objects; write either cel or lua'],
  ['no group', health('{ kind: B, cel: x }'), 'is missing; write text'],
  [
    'an empty program',
    health('{ group: a, kind: B, cel: " " }'),
    'is empty or too long; write at most 20000 characters',
  ],
  [
    'a pattern',
    health('{ group: "a[b]", kind: B, cel: x }'),
    '"a[b]" is not a glob; write for example acme.example or *.acme.example, where * stands for any characters',
  ],
  [
    'another key',
    customized('timeout.reconciliation: 180s'),
    'is not a key of resource customizations; write only keys of argocd-cm that begin with resource.customizations',
  ],
  [
    'no kind',
    customized('resource.customizations.health.a_b_c: x'),
    'does not name a kind; write resource.customizations.health.<group>_<kind>',
  ],
  [
    'no mapping',
    customized('resource.customizations: "a: [b"'),
    'is not YAML with a mapping for each group/Kind; write it as in argocd-cm',
  ],
  [
    'no way to reach the cluster',
    'apiVersion: driftless.dev/v1\nkind: Cluster\nmetadata: { name: prod }\nspec: { health: [{ group: a, kind: B, cel: x }] }\n',
    'does not say how to reach the cluster; write either kubeconfig or eks',
  ],
])('rules of health with %s are a problem', (_title, text, message) => {
  expect(problemsOf(text).map((problem) => problem.replace(/^a\.yaml:\d+: spec[^:]*: /, ''))).toEqual([message]);
});

test('a merge key of YAML brings the check of another kind', () => {
  const { clusters } = configIn(`${CLUSTER}
  resourceCustomizations:
    resource.customizations: |
      acme.example/Widget: &check { health.lua: a }
      acme.example/Gadget: { <<: *check }
`);
  expect(clusters[0]?.health?.map(({ kind, lua }) => [kind, lua])).toEqual([
    ['Widget', 'a'],
    ['Gadget', 'a'],
  ]);
});
