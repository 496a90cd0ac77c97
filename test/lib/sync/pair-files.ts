import { stringify } from 'yaml';
import type { KubeObject } from '../../../lib/model/kube-object.ts';

/** What each application's folder holds at a commit: names of ConfigMaps. Each has one more, of its own, so that none is ever empty. */
export type Commit = Readonly<Record<'a' | 'b', readonly string[]>>;

/** Further objects of a folder, at every commit or at some. */
export type FolderOf = (app: 'a' | 'b', place: number) => readonly KubeObject[];

/** The files of a commit. */
export function pairFiles(
  place: number,
  commits: readonly Commit[],
  more: FolderOf = () => [],
): Readonly<Record<string, string>> {
  const files = (['a', 'b'] as const).map((app) => {
    const names = [`own-${app}`, ...(commits[place]?.[app] ?? [])];
    const objects = [...names.map(configMapOf), ...more(app, place)];
    return [`${app}/all.yaml`, objects.map((object) => stringify(object)).join('---\n')] as const;
  });
  return Object.fromEntries(files);
}

function configMapOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value: '1' } };
}
