import type { OrphansView } from '../../../lib/queries/orphans.ts';
import { openApi } from '../../client/api-client.ts';
import { exitCodeOf, type Seen } from '../../exit-code.ts';
import { formatOrphans } from '../../text/orphans-text.ts';
import { print } from '../../text/output.ts';
import type { RemoteOptions } from '../status/run.ts';

export type OrphansOptions = RemoteOptions & { readonly cluster?: string };

/** `orphans [--cluster NAME]`: objects whose application is not configured, as the last scan found them. */
export async function orphans(options: OrphansOptions): Promise<number> {
  const { output, cluster } = options;
  const query = cluster === undefined ? '' : `?cluster=${encodeURIComponent(cluster)}`;
  const { clusters } = await openApi(options).get<{ readonly clusters: readonly OrphansView[] }>(`/orphans${query}`);
  print(output, clusters, () => formatOrphans(clusters, Date.now()));
  return exitCodeOf(clusters.map(seenOf));
}

function seenOf({ status, count }: OrphansView): Seen {
  if (status === 'Unknown') return 'unknown';
  return count > 0 ? 'notWell' : 'well';
}
