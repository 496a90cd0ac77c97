import type { ObjectTree, TreeNode } from '../../../lib/inspect/tree.ts';
import type { HealthStatus } from '../../../lib/model/health.ts';
import { openApi, pathOf } from '../../client/api-client.ts';
import type { DeployerAddress } from '../../client/deployer-address.ts';
import { formatTree, formatTreeNames } from '../../text/objects/tree-text.ts';
import { EXIT, print, printNote } from '../../text/output.ts';

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
  const statuses = found.items.flatMap(statusesIn);
  if (found.unread.length > 0 || statuses.includes('Unknown')) return EXIT.error;
  return statuses.some((status) => status === 'Degraded' || status === 'Missing') ? EXIT.differs : EXIT.ok;
}

/** Whether a Secret is healthy is not asked. */
function statusesIn({ kind, health, children }: TreeNode): readonly HealthStatus[] {
  return [...(kind === 'Secret' ? [] : [health.status]), ...children.flatMap(statusesIn)];
}
