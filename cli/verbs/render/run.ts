import { formatRefusal } from '../../../lib/diff/format.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import type { Manifest } from '../../../lib/model/change-set.ts';
import { definedKinds } from '../../../lib/model/definition.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { applyOrder } from '../../../lib/order/stages.ts';
import { builtinKind, offlineKind } from '../../../lib/plan/builtin-scopes.ts';
import { prepareDesired } from '../../../lib/plan/desired.ts';
import { type LocalOptions, openLocalSource } from '../../source/local-source.ts';
import { localPorts } from '../../source/verb-wiring.ts';
import { EXIT, type Format, print, printNote } from '../../text/output.ts';
import { yamlText } from '../../text/yaml-text.ts';

export type RenderOptions = LocalOptions & {
  readonly output: Format;
  readonly raw?: boolean;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
};

/** `render PATH`: prints the objects of a folder as they would be applied, in the order in which they would be. */
export async function render(path: string, options: RenderOptions): Promise<number> {
  const objects = await renderedObjects(path, options);
  if (objects.length === 0) printNote(`${path}: holds no manifests`);
  print(options.output === 'json' ? 'json' : 'text', objects, () => objects.map(yamlText).join('\n---\n'));
  return EXIT.ok;
}

/** What `render` prints. */
export async function renderedObjects(
  path: string,
  options: Omit<RenderOptions, 'output'>,
): Promise<readonly KubeObject[]> {
  const source = await openLocalSource(path, options);
  const target = { version: options.kubeVersion, apiVersions: options.apiVersions };
  const manifests = await source.render(await localPorts(), target);
  return options.raw ? manifests.map(({ object }) => object) : asApplied(manifests, source.app);
}

function asApplied(
  manifests: readonly Manifest[],
  { name, destination }: { readonly name: string; readonly destination: { readonly namespace: string } },
): readonly KubeObject[] {
  const defined = new Set(
    manifests.flatMap(({ object }) => definedKinds(object)).map(({ group, kind }) => `${group}/${kind}`),
  );
  const { desired, refusals } = prepareDesired(
    manifests,
    { app: name, namespace: destination.namespace },
    (apiVersion, kind) => {
      const offline = offlineKind(apiVersion, kind);
      return builtinKind(apiVersion, kind) ?? (defined.has(`${offline.group}/${kind}`) ? undefined : offline);
    },
  );
  if (refusals.length > 0) throw new DriftlessError('ManifestInvalid', refusals.map(formatRefusal).join('\n'));
  return applyOrder(desired).map(({ object }) => object);
}
