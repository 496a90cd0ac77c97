import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { DriftlessError } from '../../../lib/errors.ts';
import { healthOf } from '../../../lib/health/health.ts';
import type { Health } from '../../../lib/model/health.ts';
import { formatRef, idOf } from '../../../lib/model/kube-object.ts';
import { parseManifests } from '../../../lib/render/parse.ts';
import { userPath } from '../../paths.ts';
import { EXIT, type Format, print, printNote } from '../../text/output.ts';

type Judged = { readonly ref: string } & Health;

/** `health -f FILE`: the health of each object in a file, as `kubectl get -o yaml` prints them. */
export async function health({ file, output }: { readonly file: string; readonly output: Format }): Promise<number> {
  const name = file === '-' ? 'standard input' : file;
  const judged = judgeObjects(await read(file), name);
  if (judged.length === 0) printNote(`${name}: holds no objects`);
  const line = ({ ref, status, message }: Judged): string => `${ref}: ${status}${message && ` (${message})`}`;
  print(output, judged, () => judged.map(line).join('\n'), { colours: true });
  const well = judged.every(({ status }) => status === 'Healthy' || status === 'Suspended');
  return well ? EXIT.ok : EXIT.differs;
}

/** What `health` prints: one entry for each object, in the order of the file. */
export function judgeObjects(text: string | Uint8Array, name: string): readonly Judged[] {
  return parseManifests(text, name).map(({ object }) => ({ ref: formatRef(idOf(object)), ...healthOf(object) }));
}

async function read(file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(process.stdin);
  return readFile(userPath(file)).catch((error: NodeJS.ErrnoException) => {
    throw new DriftlessError(
      'UsageInvalid',
      `${file}: ${reasonOf(error)}; name a file with objects, or - for standard input`,
    );
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'does not exist';
  return code === 'EISDIR' ? 'is a folder' : message;
}
