// In: a folder on disk, and what is said about the application that it is to be. Out: that application, and its manifests, read and rendered
// as a deployment would. May go wrong: a folder that is not there, a name that no application can have, whatever rendering may.
import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { asDriftlessError, DriftlessError } from '../../lib/errors.ts';
import { type Application, primarySource } from '../../lib/model/application.ts';
import type { Manifest } from '../../lib/model/change-set.ts';
import type { FileTree } from '../../lib/model/source-tree.ts';
import type { GitSnapshot } from '../../lib/ports/git.ts';
import { fetchSource } from '../../lib/sync/render/fetch-source.ts';
import { type RenderPorts, renderSource } from '../../lib/sync/render/render-source.ts';
import { readApplication } from '../dev/config/config-folder.ts';
import { userPath } from '../paths.ts';

/** What `render` and `plan` are told about the application that a folder is to be. */
export type LocalOptions = { readonly name?: string; readonly namespace?: string; readonly file?: string };

export type LocalPorts = RenderPorts & {
  /** Opens a folder as if it were the root folder of a commit. */
  readonly openFolder: (root: string) => GitSnapshot;
};

/** An application whose source is a folder on disk. */
export type LocalSource = {
  readonly app: Application;
  readonly render: (ports: LocalPorts, target: Target) => Promise<readonly Manifest[]>;
};

type Target = { readonly version: string; readonly apiVersions: readonly string[] };

/** Longest name of an application, and of a Helm release. */
const MAX_NAME = 53;

/** Reads the application from `-f`, or makes one with defaults, called after the folder. */
export async function openLocalSource(path: string, { name, namespace, file }: LocalOptions): Promise<LocalSource> {
  const folder = await existingFolder(path);
  const base = file === undefined ? defaultApplication(name ?? nameOf(folder)) : await readApplication(file, name);
  const source = primarySource(base);
  const { helm } = source;
  const app: Application = {
    ...base,
    ...(name !== undefined && { name: checkedName(name) }),
    // A name that is given by hand is the release's too.
    sources: [{ ...source, ...(helm && name !== undefined && { helm: { ...helm, releaseName: name } }) }],
    destination: { ...base.destination, namespace: namespace ?? base.destination.namespace },
  };
  return {
    app,
    render: async ({ openFolder, ...ports }, capabilities) => {
      const located = await fetchLocal(app, folder, openFolder);
      return renderSource({ ...located, capabilities }, ports);
    },
  };
}

async function existingFolder(path: string): Promise<string> {
  const folder = userPath(path);
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw new DriftlessError('UsageInvalid', `${path}: does not exist; name a folder`);
  if (!found.isDirectory())
    throw new DriftlessError('UsageInvalid', `${path}: is not a folder; name the folder that it is in`);
  return realpath(folder);
}

type Located = { readonly app: Application; readonly files: FileTree };

/**
 * Reads the folder and what it refers to. A repository is the nearest folder above with a `.git`; without one, it is the nearest folder above
 * that holds everything that is referred to.
 */
async function fetchLocal(app: Application, folder: string, openFolder: LocalPorts['openFolder']): Promise<Located> {
  let refused: DriftlessError | undefined;
  for (const root of rootsOf(folder)) {
    const path = relative(root, folder).split(sep).join('/');
    const located: Application = { ...app, sources: [{ ...primarySource(app), path }] };
    try {
      return { app: located, files: (await fetchSource(located, openFolder(root))).files };
    } catch (thrown) {
      const error = asDriftlessError(thrown);
      refused ??= error;
      if (error.code !== 'SourceRefused') throw error;
    }
  }
  throw refused ?? new DriftlessError('Internal', `${folder}: has no root`);
}

function rootsOf(folder: string): readonly string[] {
  const above = [folder];
  for (let next = dirname(folder); next !== above.at(-1); next = dirname(next)) above.push(next);
  const repository = above.find((candidate) => existsSync(join(candidate, '.git')));
  return repository === undefined ? above : [repository];
}

/** The folder's name as an application can have it: `My_Chart` → `my-chart`. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_NAME)
    .replace(/^-+|-+$/g, '');
  if (name !== '') return name;
  throw new DriftlessError('UsageInvalid', `${folder}: no application can be called so; write --name`);
}

function checkedName(name: string): string {
  return defaultApplication(name).name;
}

function defaultApplication(name: string): Application {
  const document = JSON.stringify({
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name },
    spec: { source: { repo: 'https://localhost/working-tree' }, destination: { namespace: 'default' } },
  });
  const parsed = parseConfig(new Map([['', document]]));
  if (!parsed.ok) throw new DriftlessError('UsageInvalid', `--name: ${parsed.problems[0]?.message}`);
  const [app] = parsed.config.applications;
  if (app === undefined) throw new DriftlessError('Internal', 'the default application is missing');
  return app;
}
