import { mayAdopt, mayTake, type OwnerClaim, type Taker } from '../../../lib/ownership/may-take.ts';

const CLAIM: OwnerClaim = { isConfigured: true, hasPlanned: true, wants: false };
const ours = { app: 'blog', isProven: true, uid: 'u' };
const unproven = { ...ours, isProven: false };

describe.each<[string, Taker, string]>([
  ['by itself', { app: 'shop' }, 'refuse'],
  ['by order', { app: 'shop', order: {} }, 'take'],
  ['by order, of what a third application holds', { app: 'shop', order: { holder: 'wiki' } }, 'refuse'],
])('an application takes over %s', (_how, taker, whereRefused) => {
  test.each([
    ['of an application that was never recorded', undefined],
    ['of a removed one whose record does not have it', { ...CLAIM, isConfigured: false }],
    ['of one that did not deploy it', CLAIM],
  ])('an unproven object %s', (_what, claim) => {
    expect(mayTake(unproven, claim, taker).may).toBe(whereRefused);
  });

  test.each([
    ['whose owner is removed', { ...CLAIM, isConfigured: false }, 'take'],
    ['whose owner has released it', { ...CLAIM, entry: { uid: 'u', released: true as const } }, 'take'],
    ['that its owner has', { ...CLAIM, entry: { uid: 'u' } }, 'wait'],
    ['that its owner wants', { ...CLAIM, wants: true }, 'wait'],
    ['whose owner has not planned yet', { ...CLAIM, hasPlanned: false }, 'wait'],
  ])('our own object %s', (_what, claim, may) => {
    expect(mayTake(ours, claim, taker).may).toBe(may);
  });
});

test('a refusal names the order of the application that asks', () => {
  expect(mayTake(unproven, CLAIM, { app: 'shop' })).toEqual({
    may: 'refuse',
    reason:
      'carries the label of application blog, which did not deploy it; delete it manually, or take it over: driftless adopt shop',
  });
});

test('an object of another deployer is taken by order, unless an application of ours holds or wants it', () => {
  expect(mayAdopt('west', {})).toEqual({ may: 'take' });
  expect(mayAdopt('west', { holder: 'wiki' })).toEqual({
    may: 'refuse',
    reason:
      'belongs to deployer "west", and application wiki holds or wants it; deploy a commit of wiki without it first',
  });
});
