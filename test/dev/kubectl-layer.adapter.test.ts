import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlLayer } from '../../dev/kubectl-layer.ts';

test('the programs of the layer are unpacked once, also by several at a time, and run', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'driftless-test-'));
  try {
    const [first, second] = await Promise.all([kubectlLayer(cache), kubectlLayer(cache)]);
    expect(second).toEqual(first);
    expect(await kubectlLayer(cache)).toEqual(first);
    expect(readdirSync(cache)).toHaveLength(1);
    expect(execFileSync(first.helm, ['version', '--short'], { env: { HOME: cache } }).toString()).toMatch(/^v4\./);
    expect(execFileSync(first.kubectl, ['version', '--client'], { env: { HOME: cache } }).toString()).toMatch(
      /v1\.36\./,
    );
  } finally {
    rmSync(cache, { recursive: true });
  }
});
