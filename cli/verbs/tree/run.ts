import type { ObjectTree, TreeNode } from '../../../lib/inspect/tree.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { exitCodeOf, healthSeen, type Seen } from '../../exit-code.ts';
import { formatTree, formatTreeNames } from '../../text/objects/tree-text.ts';
import { print, printNote } from '../../text/output.ts';

export type TreeOptions = Partial<DeployerAddress> & {
  readonly output: 'text' | 'wide' | 'name' | 'yaml' | 'json';
};

/** `tree APP`: the live objects of an application, and what they own. */
export async function tree(app: string, options: TreeOptions): Promise<number> {
  const { output } = options;
  const found = await openApi(options).live<ObjectTree>(pathOf('applications', app, 'tree'));
  const format = output === 'wide' || output === 'name' ? 'text' : output;
  const look = { isWide: output === 'wide', now: Date.parse(found.at) };
  print(format, found, () => (output === 'name' ? formatTreeNames(found) : formatTree(look, found)), {
    colours: output !== 'name',
  });
  for (const reason of found.unread) printNote(reason);
  if (found.isCut) printNote('there are more objects than are shown');
  return exitCodeOf([...found.unread.map(() => 'unknown' as const), ...found.items.flatMap(seenIn)]);
}

/** Whether a Secret is healthy is not asked. */
function seenIn({ kind, health, children }: TreeNode): readonly Seen[] {
  return [...(kind === 'Secret' ? [] : [healthSeen(health.status)]), ...children.flatMap(seenIn)];
}
