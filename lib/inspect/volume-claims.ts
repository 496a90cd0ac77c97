// The claims of a StatefulSet: its controller makes `<template>-<set>-<ordinal>` with the labels of its selector, and mostly names itself as no owner. Pure.

import { fieldAt, listAt, textAt } from '../model/field-at.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** Whether a claim was made for a StatefulSet. */
export function isClaimOf({ metadata }: Pick<KubeObject, 'metadata'>, owner: KubeObject): boolean {
  if (owner.kind !== 'StatefulSet' || metadata.namespace !== owner.metadata.namespace) return false;
  const templates = listAt(owner, 'spec', 'volumeClaimTemplates').map((template) =>
    textAt(template, 'metadata', 'name'),
  );
  const isNamed = templates.some((template) => isOrdinal(metadata.name, `${template}-${owner.metadata.name}-`));
  const wanted = fieldAt(owner, 'spec', 'selector', 'matchLabels');
  const labels = Object.entries(typeof wanted === 'object' && wanted !== null ? wanted : {});
  return isNamed && labels.length > 0 && labels.every(([name, value]) => metadata.labels?.[name] === value);
}

function isOrdinal(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
}
