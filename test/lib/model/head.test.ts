import { headAfterEnd, type KnownHead, standingOf } from '../../../lib/model/head.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];
const EARLY = '2026-01-01T00:00:00.000Z';
const LATE = '2026-01-01T01:00:00.000Z';

function known(more: Partial<KnownHead> = {}): KnownHead {
  return { revision: B, since: EARLY, isChanged: true, ahead: { from: A, count: 1, commits: [] }, ...more };
}

test.each<[string, KnownHead | undefined, Parameters<typeof headAfterEnd>[1], object | undefined]>([
  [
    'the first deployment',
    undefined,
    { before: undefined, deployed: A, seen: { revision: A, at: LATE } },
    { revision: A, since: LATE, isChanged: false },
  ],
  [
    'a deployment of the head',
    known(),
    { before: A, deployed: B, seen: { revision: B, at: LATE } },
    { revision: B, since: EARLY, isChanged: false },
  ],
  [
    'a deployment of a newer head',
    known(),
    { before: A, deployed: C, seen: { revision: C, at: LATE } },
    { revision: C, since: LATE, isChanged: false },
  ],
  [
    'a refusal of the head',
    undefined,
    { before: A, deployed: A, seen: { revision: B, at: LATE } },
    { revision: B, since: LATE, isChanged: true },
  ],
  [
    'a refusal of the head that was known',
    known(),
    { before: A, deployed: A, seen: { revision: B, at: LATE } },
    known(),
  ],
  ['a correction of drift', known(), { before: A, deployed: A }, known()],
  [
    'a correction of drift at the head',
    known({ isChanged: false }),
    { before: A, deployed: A },
    { revision: B, since: EARLY, isChanged: false },
  ],
  [
    'a rollback from the head',
    { revision: B, since: EARLY, isChanged: false },
    { before: B, deployed: A },
    { revision: B, since: EARLY, isChanged: true },
  ],
  ['a rollback to the head', known(), { before: C, deployed: B }, { revision: B, since: EARLY, isChanged: false }],
  [
    'a deployment of what has been overtaken',
    known({ revision: C, since: LATE }),
    { before: A, deployed: B, seen: { revision: B, at: EARLY } },
    { revision: C, since: LATE, isChanged: true },
  ],
  ['an operation that knows of no head', undefined, { before: A, deployed: A }, undefined],
  [
    'an operation that finds the source again',
    known({ isChanged: false, problem: { code: 'x', message: '', since: EARLY } }),
    { before: B, deployed: B, seen: { revision: B, at: LATE } },
    { revision: B, since: EARLY, isChanged: false },
  ],
  [
    'an operation that does not ask Git',
    known({ problem: { code: 'x', message: '', since: EARLY } }),
    { before: A, deployed: A },
    known({ problem: { code: 'x', message: '', since: EARLY } }),
  ],
])('after %s the head is known as it is', (_what, before, ended, after) => {
  expect(headAfterEnd(before, ended)).toEqual(after);
});

test.each([
  [undefined, undefined, undefined, undefined],
  [known(), undefined, undefined, 'ahead'],
  [known({ isChanged: false }), undefined, 'rolledBack', undefined],
  [undefined, undefined, 'rolledBack', 'ahead'],
  [known({ isChanged: false }), {}, undefined, 'ahead'],
  [known({ problem: { code: 'x', message: '', since: EARLY } }), undefined, undefined, 'ahead'],
  [known({ problem: { code: 'x', message: '', since: EARLY, isLost: true } }), {}, undefined, 'lost'],
] as const)('what is known says how the application stands to the head: %#', (head, failure, ended, standing) => {
  expect(standingOf({ head, failure }, ended)).toBe(standing);
});
