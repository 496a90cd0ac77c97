import { deployerObjection, type Owner, ownerOf } from '../../../lib/ownership/owner.ts';

const own = { app: 'shop', deployer: 'east' };

type Labels = { readonly app?: string; readonly deployer?: string };

function live({ app, deployer }: Labels) {
  const labels = {
    team: 'blue',
    ...(app !== undefined && { 'driftless.dev/app': app }),
    ...(deployer !== undefined && { 'driftless.dev/deployer': deployer }),
  };
  return { metadata: { name: 'a', labels } };
}

test.each<[string, Labels, Owner]>([
  ['no label', {}, { kind: 'unlabelled' }],
  ['our deployer alone', { deployer: 'east' }, { kind: 'unlabelled' }],
  ['both of our labels', { app: 'shop', deployer: 'east' }, { kind: 'ours', isProven: true }],
  ['the label of the application alone', { app: 'shop' }, { kind: 'ours', isProven: false }],
  ['another application', { app: 'blog', deployer: 'east' }, { kind: 'application', app: 'blog', isProven: true }],
  ['another application alone', { app: 'blog' }, { kind: 'application', app: 'blog', isProven: false }],
  ['D7: another deployer', { app: 'shop', deployer: 'west' }, { kind: 'deployer', deployer: 'west', app: 'shop' }],
  ['another deployer alone', { deployer: 'west' }, { kind: 'deployer', deployer: 'west' }],
  ['an empty deployer', { app: 'shop', deployer: '' }, { kind: 'deployer', deployer: '', app: 'shop' }],
])('an object with %s', (_what, labels, owner) => {
  expect(ownerOf(live(labels), own)).toEqual(owner);
});

test('a plan without a deployer counts the label of the application alone', () => {
  expect(ownerOf(live({ app: 'shop', deployer: 'west' }), { app: 'shop' })).toEqual({ kind: 'ours', isProven: false });
  expect(ownerOf(live({ app: 'blog', deployer: 'west' }), { app: 'shop' })).toMatchObject({ kind: 'application' });
});

test('an object without labels is of nobody', () => {
  expect(ownerOf({ metadata: { name: 'a' } }, own)).toEqual({ kind: 'unlabelled' });
});

test('D7: the objection names the other deployer, and the remedy', () => {
  expect(deployerObjection({ kind: 'deployer', deployer: 'west', app: 'shop' }, own)).toBe(
    'belongs to deployer "west" (application shop); remove it there, or take it over: driftless adopt shop --from west',
  );
});
