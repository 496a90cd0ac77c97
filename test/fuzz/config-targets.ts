import fc from 'fast-check';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { formatProblem } from '../../lib/config/problem.ts';
import { CANARY, changed, corpus, type Target, target } from './target.ts';

function problemsOf(text: string): readonly string[] {
  const parsed = parseConfig(new Map([['a.yaml', text]]));
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

export const configTargets: readonly Target[] = [
  target('config', changed(corpus('config')), (bytes) => {
    problemsOf(bytes.toString('utf8'));
  }),
  target(
    'config-address',
    fc.record({
      before: fc.constantFrom('https://', 'ssh://', 'git+https://', ''),
      user: fc.string(),
      after: fc.string(),
    }),
    ({ before, user, after }) => {
      const repo = `${before}${user}:${CANARY}@${after}`;
      const spec = { source: { repo }, destination: { namespace: 'a' } };
      return problemsOf(
        JSON.stringify({ apiVersion: 'driftless.dev/v1', kind: 'Application', metadata: { name: 'a' }, spec }),
      );
    },
  ),
];
