import { refMatches } from '../../../lib/webhook/ref-matches.ts';

const SHA = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';

test.each([
  ['a branch', 'main', 'refs/heads/main', true],
  ['a branch with slashes', 'release/1.2', 'refs/heads/release/1.2', true],
  ['a tag', 'v1.0', 'refs/tags/v1.0', true],
  ['a full branch name', 'refs/heads/main', 'refs/heads/main', true],
  ['a full tag name', 'refs/tags/v1', 'refs/tags/v1', true],
  ['HEAD when the default branch is pushed', 'HEAD', 'refs/heads/trunk', true],
  ['nothing when the default branch is pushed', '', 'refs/heads/trunk', true],
  ['another branch', 'main', 'refs/heads/maintenance', false],
  ['the last part of a branch', 'main', 'refs/heads/feature/main', false],
  ['a branch in another case', 'Main', 'refs/heads/main', false],
  ['a full branch name when a tag of that name is pushed', 'refs/heads/v1', 'refs/tags/v1', false],
  ['HEAD when another branch is pushed', 'HEAD', 'refs/heads/main', false],
  ['HEAD when a tag named like the default branch is pushed', 'HEAD', 'refs/tags/trunk', false],
  ['a commit', SHA, `refs/heads/${SHA}`, false],
  ['a commit of a SHA-256 repository', 'a'.repeat(64), 'refs/heads/main', false],
])('an application that follows %s is concerned or not', (_situation, wanted, ref, expected) => {
  expect(refMatches(wanted, { ref, defaultBranch: 'trunk' })).toBe(expected);
});

test.each([
  ['a branch', 'refs/heads/any', true],
  ['a tag', 'refs/tags/v1', false],
])('without a default branch in the payload, HEAD may be %s', (_situation, ref, expected) => {
  expect(refMatches('HEAD', { ref })).toBe(expected);
});
