// In: the lock file and the installed packages. Out: what may be shipped: every package that is no development dependency, and the layer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Component, componentIn } from './component.ts';

type Locked = { readonly version?: string; readonly license?: string; readonly dev?: boolean };

/** The Lambda layer with kubectl and helm, which only the stack's template needs, and which is shipped whole. */
const LAYER = '@aws-cdk/lambda-layer-kubectl-v36';

/** Reads the shipped packages, in the order of their names. */
export function npmPackages(root: string): readonly Component[] {
  const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && (dev !== true || path.endsWith(`/${LAYER}`)))
    .map(([path, { version = '', license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return componentIn(join(root, path), { name, version, ...(license === undefined ? {} : { declared: license }) });
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
