import { basename } from 'node:path';
import { parseConfig } from '../lib/config/parse-config.ts';
import { DriftlessError } from '../lib/errors.ts';
import type { Application } from '../lib/model/application.ts';
import type { Manifest } from '../lib/model/change-set.ts';
import type { Renderer } from '../lib/ports.ts';
import { fetchSource } from '../lib/sync/fetch-source.ts';
import { renderSource } from '../lib/sync/render-source.ts';
import { formatProblems, readApplication } from './config-folder.ts';
import { openFolder } from './folder-snapshot.ts';
import { userPath } from './paths.ts';

/** What `render` and `plan` are told about the application that a folder is to be. */
export type LocalOptions = { readonly name?: string; readonly namespace?: string; readonly file?: string };

/** An application whose source is a folder on disk, and the folder as a commit. */
export type LocalSource = {
  readonly app: Application;
  readonly render: (renderer: Renderer, target: Target) => Promise<readonly Manifest[]>;
};

export type Target = { readonly version: string; readonly apiVersions: readonly string[] };

/** Reads the application from `-f`, or makes one with defaults, called after the folder. */
export async function openLocalSource(path: string, { name, namespace, file }: LocalOptions): Promise<LocalSource> {
  const folder = userPath(path);
  const opened = await openFolder(folder);
  const base =
    file === undefined ? defaultApplication(name ?? basename(folder)) : await readApplication(userPath(file));
  const app: Application = {
    ...base,
    name: name ?? base.name,
    source: { ...base.source, path: opened.path },
    destination: { ...base.destination, namespace: namespace ?? base.destination.namespace },
  };
  return {
    app,
    render: async (renderer, capabilities) => {
      const { files } = await fetchSource(app, opened.snapshot);
      return renderSource({ app, files, capabilities }, { renderer });
    },
  };
}

function defaultApplication(name: string): Application {
  const document = JSON.stringify({
    apiVersion: 'driftless.dev/v1',
    kind: 'Application',
    metadata: { name },
    spec: { source: { repo: 'https://localhost/working-tree' }, destination: { namespace: 'default' } },
  });
  const parsed = parseConfig(new Map([['--name', document]]));
  if (!parsed.ok)
    throw new DriftlessError('UsageInvalid', `${formatProblems(parsed.problems)}; choose another with --name`);
  const [app] = parsed.config.applications;
  if (app === undefined) throw new DriftlessError('Internal', 'the default application is missing');
  return app;
}
