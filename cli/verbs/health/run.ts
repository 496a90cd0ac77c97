import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { DriftlessError } from '../../../lib/errors.ts';
import { healthOf } from '../../../lib/health/health.ts';
import { loadOwnRules } from '../../../lib/health/own-rules.ts';
import type { HealthContext, OwnRules } from '../../../lib/health/rule.ts';
import type { Health } from '../../../lib/model/health.ts';
import { formatRef, idOf } from '../../../lib/model/kube-object.ts';
import { parseManifests } from '../../../lib/render/parse.ts';
import { readConfig, validConfig } from '../../dev/config/config-folder.ts';
import { exitCodeOf, healthSeen } from '../../exit-code.ts';
import { userPath } from '../../paths.ts';
import { type Format, print, printNote } from '../../text/output.ts';

type Judged = { readonly ref: string } & Health;

type HealthOptions = {
  readonly file: string;
  readonly config?: string;
  readonly cluster?: string;
  readonly output: Format;
};

/** `health -f FILE`: the health of each object in a file, as `kubectl get -o yaml` prints them. */
export async function health({ file, config, cluster, output }: HealthOptions): Promise<number> {
  const name = file === '-' ? 'standard input' : file;
  const rules = config === undefined ? undefined : await rulesIn(config, cluster);
  const judged = judgeObjects(await read(file), name, { now: Date.now(), ...(rules && { rules }) });
  if (judged.length === 0) printNote(`${name}: holds no objects`);
  const line = ({ ref, status, message }: Judged): string => `${ref}: ${status}${message && ` (${message})`}`;
  print(output, judged, () => judged.map(line).join('\n'), { colours: true });
  return exitCodeOf(judged.map(({ status }) => healthSeen(status)));
}

/** What `health` prints: one entry for each object, in the order of the file. */
export function judgeObjects(text: string | Uint8Array, name: string, context: HealthContext = {}): readonly Judged[] {
  return parseManifests(text, name).map(({ object }) => ({
    ref: formatRef(idOf(object)),
    ...healthOf(object, context),
  }));
}

/** The rules of the one cluster that has some, or of the one that is named. */
async function rulesIn(dir: string, name: string | undefined): Promise<OwnRules | undefined> {
  const { clusters } = validConfig(await readConfig(dir));
  const meant = clusters.filter((cluster) =>
    name === undefined ? cluster.health !== undefined : cluster.name === name,
  );
  const [one, ...others] = meant;
  if (one === undefined && name !== undefined)
    throw new DriftlessError('UsageInvalid', `${dir}: Cluster "${name}" is not declared; name a declared one`);
  if (others.length > 0)
    throw new DriftlessError(
      'UsageInvalid',
      `${dir}: several clusters have rules of health: ${meant.map((cluster) => cluster.name).join(', ')}; name one with --cluster`,
    );
  return loadOwnRules(one?.health ?? []);
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
