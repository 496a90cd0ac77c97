// In: this machine. Out: kubectl and helm: those of the tools package or of the Lambda layer, which a deployment on AWS renders with too, else those on the PATH.
// May fail with PrerequisiteMissing where neither is there, or those on the PATH are too old.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DriftlessError } from '../lib/errors.ts';
import { isLayerInstalled, kubectlLayer } from './kubectl-layer.ts';
import { packaged } from './setup/packaged.mjs';

export type RenderingPrograms = {
  readonly kubectl: string;
  readonly helm: string;
  /** What rendered files depend on beside their inputs: other versions have another text. */
  readonly versions: string;
};

type Program = {
  readonly name: 'kubectl' | 'helm';
  readonly args: readonly string[];
  readonly oldest: readonly [number, number];
  readonly site: string;
};

/** The oldest minor versions that are taken from the PATH. */
const ON_PATH: readonly Program[] = [
  {
    name: 'kubectl',
    args: ['version', '--client', '--output', 'json'],
    oldest: [1, 31],
    site: 'https://kubernetes.io/docs/tasks/tools',
  },
  { name: 'helm', args: ['version', '--short'], oldest: [3, 16], site: 'https://helm.sh/docs/intro/install' },
];

/** Finds the programs that render; several processes may do so at the same time. */
export async function renderingPrograms(): Promise<RenderingPrograms> {
  const tools = packaged('tools');
  if (tools !== undefined) {
    const { kubectl = '', helm = '', versions = '' } = tools.contents;
    return { kubectl: join(tools.folder, kubectl), helm: join(tools.folder, helm), versions };
  }
  if (isLayerInstalled() && process.platform === 'linux' && process.arch === 'x64') {
    const layer = await kubectlLayer();
    return { ...layer, versions: basename(dirname(layer.kubectl)) };
  }
  return programsOnPath();
}

/** kubectl and helm as a shell would find them, each of a version that is new enough. */
export async function programsOnPath(path: string = process.env['PATH'] ?? ''): Promise<RenderingPrograms> {
  const versions = await Promise.all(ON_PATH.map((program) => versionOf(program, path)));
  const problems = ON_PATH.flatMap((program, index) => problemOf(program, versions[index]));
  if (problems.length > 0) throw new DriftlessError('PrerequisiteMissing', problems.join('\n'));
  // Their full paths, since the tools run without a PATH.
  const [kubectl = '', helm = ''] = ON_PATH.map(({ name }) => whereIs(name, path));
  return {
    kubectl,
    helm,
    versions: ON_PATH.map(({ name }, index) => `${name} ${versions[index]}`).join(', '),
  };
}

function whereIs(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => resolve(folder, name))
    .find((file) => existsSync(file));
}

async function versionOf({ name, args }: Program, path: string): Promise<string | undefined> {
  const file = whereIs(name, path);
  if (file === undefined) return undefined;
  const printed = await promisify(execFile)(file, [...args], { env: { PATH: path } }).then(
    ({ stdout }) => stdout,
    () => '',
  );
  return /v(\d+\.\d+\.\d+)/.exec(printed)?.[1];
}

function problemOf({ name, oldest, site }: Program, found: string | undefined): readonly string[] {
  const [major = 0, minor = 0] = (found ?? '').split('.').map(Number);
  const isNewEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  if (found !== undefined && isNewEnough) return [];
  const what = found === undefined ? 'not found on the PATH' : `found version ${found} on the PATH`;
  return [`${name}: ${what}; install version ${oldest.join('.')} or newer (${site})`];
}
