import { readFileSync } from 'node:fs';
import { CDK_JSON } from './contexts.ts';
import { synthesize } from './synthesized.ts';

const page = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');

test('docs/architecture.md lists what the stack of the example is made of', () => {
  const [resources = {}, ...others] = Object.values(synthesize(CDK_JSON.context['driftless']));
  expect(others).toEqual([]);
  const types = Object.values(resources).map(({ Type }) => Type);
  const counted = [...new Set(types)].sort().map((type) => [type, types.filter((one) => one === type).length]);
  const listed = [...page.matchAll(/^\| `(AWS::\w+::\w+)` \| (\d+) \|/gm)].map(([, type, count]) => [
    type,
    Number(count),
  ]);
  expect(listed).toEqual(counted);
});
