// In: pods, and maybe a container's name. Out: the containers whose logs are read. May go wrong: RequestInvalid for a container that no pod has, with those that there
// are. Pure.
import { DriftlessError } from '../../errors.ts';
import { fieldAt, listAt, numberAt, textAt } from '../../model/field-at.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import type { ContainerRef } from './log-cursor.ts';

/** The containers to read: the one of the name in every pod or, without a name, all that do a pod's work or keep it from its work. */
export function containersToRead(pods: readonly KubeObject[], name: string | undefined): readonly ContainerRef[] {
  const all = pods.flatMap((pod) => containersOf(pod));
  const chosen = all.filter((one) => (name === undefined ? one.isShown : one.container === name));
  if (name !== undefined && pods.length > 0 && chosen.length === 0) {
    const known = [...new Set(all.map(({ container }) => container))].sort();
    throw new DriftlessError(
      'RequestInvalid',
      `container ${JSON.stringify(name)}: does not exist; write one of ${known.join(', ')}`,
    );
  }
  return chosen.map(({ isShown: _, ...container }) => container);
}

type Found = ContainerRef & { readonly isShown: boolean };

function containersOf(pod: KubeObject): readonly Found[] {
  const { name, namespace = '' } = pod.metadata;
  const namesAt = (field: string): readonly string[] =>
    listAt(pod, 'spec', field).flatMap((container) => textAt(container, 'name') ?? []);
  const ref = (container: string, isShown: boolean): Found => ({ namespace, pod: name, container, isShown });
  const stuck = new Set(
    listAt(pod, 'status', 'initContainerStatuses')
      .filter((status) => !isDone(status))
      .map((status) => textAt(status, 'name')),
  );
  return [
    ...namesAt('initContainers').map((container) => ref(container, stuck.has(container))),
    ...namesAt('containers').map((container) => ref(container, true)),
    ...namesAt('ephemeralContainers').map((container) => ref(container, false)),
  ];
}

function isDone(status: unknown): boolean {
  return (
    fieldAt(status, 'state', 'terminated') !== undefined && numberAt(status, 'state', 'terminated', 'exitCode') === 0
  );
}
