// The text form of an application's live objects: what an object owns stands indented below it.
import type { ObjectTree, TreeNode } from '../../../lib/inspect/tree.ts';
import { formatRef } from '../../../lib/model/kube-object.ts';
import { ago, formatTable } from '../table.ts';

type Look = { readonly isWide: boolean; readonly now: number };

/** `Pod/shop/api-1`, one a line. */
export function formatTreeNames({ items }: ObjectTree): string {
  return items.flatMap(namesIn).join('\n');
}

function namesIn(node: TreeNode): readonly string[] {
  return [formatRef(node), ...node.children.flatMap(namesIn)];
}

/** The table of all objects. Former ReplicaSets without pods are shown where it is wide. */
export function formatTree(look: Look, { app, items }: ObjectTree): string {
  if (items.length === 0) return `${app}: has no objects`;
  const rows = items.flatMap((node) => rowsOf(node, { indent: '', branch: '' }, look));
  return formatTable(['OBJECT', 'HEALTH', 'STATE', 'AGE', 'REASON'], rows);
}

type Place = { readonly indent: string; readonly branch: string };

function rowsOf(node: TreeNode, { indent, branch }: Place, look: Look): readonly (readonly string[])[] {
  const { health, state = '-', createdAt } = node;
  const children = node.children.filter((child) => look.isWide || !isFormer(child));
  const row = [
    `${indent}${branch}${formatRef(node)}`,
    health.status,
    state,
    createdAt === undefined ? '-' : ago(createdAt, look.now),
    health.message,
  ];
  const below = branch === '' ? indent : `${indent}${branch === '├─ ' ? '│  ' : '   '}`;
  return [
    row,
    ...children.flatMap((child, place) =>
      rowsOf(child, { indent: below, branch: place === children.length - 1 ? '└─ ' : '├─ ' }, look),
    ),
  ];
}

function isFormer({ kind, state, children }: TreeNode): boolean {
  return kind === 'ReplicaSet' && state === '0/0' && children.length === 0;
}
