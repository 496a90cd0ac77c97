import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programsOnPath } from '../../dev/rendering-programs.ts';

let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'driftless-programs-'));
});

afterEach(() => rmSync(bin, { recursive: true }));

function program(name: string, printed: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho '${printed}'\n`, { mode: 0o755 });
}

const KUBECTL = '{"clientVersion": {"gitVersion": "v1.36.3"}, "kustomizeVersion": "v5.8.1"}';

test('kubectl and helm of the PATH are taken with their full paths, and their versions are told', async () => {
  program('kubectl', KUBECTL);
  program('helm', 'v3.19.0+g3d8990f');
  expect(await programsOnPath(`/nonexistent:${bin}`)).toEqual({
    kubectl: join(bin, 'kubectl'),
    helm: join(bin, 'helm'),
    versions: 'kubectl 1.36.3, helm 3.19.0',
  });
});

test.each([
  [
    'is not there',
    undefined,
    'helm: not found on the PATH; install version 3.16 or newer (https://helm.sh/docs/intro/install)',
  ],
  [
    'is too old',
    'v3.9.4+gdbc6d8e',
    'helm: found version 3.9.4 on the PATH; install version 3.16 or newer (https://helm.sh/docs/intro/install)',
  ],
])('a helm that %s is refused in one sentence with the remedy', async (_what, printed, message) => {
  program('kubectl', KUBECTL);
  if (printed !== undefined) program('helm', printed);
  await expect(programsOnPath(bin)).rejects.toMatchObject({ code: 'PrerequisiteMissing', message });
});

test('both are named where both are missing', async () => {
  await expect(programsOnPath('')).rejects.toMatchObject({
    message: expect.stringMatching(/^kubectl: not found .*\nhelm: not found .*$/),
  });
});
