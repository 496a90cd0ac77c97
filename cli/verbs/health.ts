import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { DriftlessError } from '../../lib/errors.ts';
import { healthOf } from '../../lib/health/health.ts';
import { formatRef, idOf } from '../../lib/model/kube-object.ts';
import { parseManifests } from '../../lib/render/parse.ts';
import { EXIT, type Format, print } from '../output.ts';
import { userPath } from '../paths.ts';

/** `health -f FILE`: judges each object of a file, as `kubectl get -o yaml` prints them. */
export async function health({ file, output }: { readonly file: string; readonly output: Format }): Promise<number> {
  const manifests = parseManifests(await read(file), file === '-' ? 'standard input' : file);
  const judged = manifests.map(({ object }) => ({
    ref: formatRef(idOf(object)),
    ...healthOf(object),
  }));
  print(output, judged, () =>
    judged.map(({ ref, status, message }) => `${ref}: ${status}${message && ` (${message})`}`).join('\n'),
  );
  const well = judged.every(({ status }) => status === 'Healthy' || status === 'Suspended');
  return well ? EXIT.ok : EXIT.differs;
}

async function read(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  const path = userPath(file);
  return readFile(path, 'utf8').catch(() => {
    throw new DriftlessError(
      'UsageInvalid',
      `${path} cannot be read; name a file with manifests, or - for standard input`,
    );
  });
}
