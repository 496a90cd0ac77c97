import { readFileSync } from 'node:fs';
import { BUILT_IN_RULES } from '../../lib/ignore/built-in.ts';
import { configOf } from '../lib/config/configs.ts';

const page = readFileSync(new URL('../../docs/drift.md', import.meta.url), 'utf8');

test('every built-in rule is documented with its fields and a reason, and no other', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+?) \| `([^`]+)` \| (.+) \|$/gm)];
  expect(rows.map(([, title, , fields]) => ({ title, fields }))).toEqual(
    BUILT_IN_RULES.map(({ title, fields }) => ({ title, fields: fields.join(', ') })),
  );
});

test('the example of rules is valid', () => {
  const example = /```yaml\n(spec:.*?)```/s.exec(page)?.[1] ?? '';
  const source = '  source: { repo: https://github.com/acme/web }\n  destination: { namespace: web }\n';
  const text = `apiVersion: driftless.dev/v1\nkind: Application\nmetadata: { name: web }\n${example}${source}`;
  expect(configOf(new Map([['a.yaml', text]])).applications[0]?.drift.ignore).toHaveLength(4);
});
