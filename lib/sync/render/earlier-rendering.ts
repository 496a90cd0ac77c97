// In: a chart that draws random values, and the key that its rendering is to have. Out: the deployed rendering of a version before 0.2, whose key held every file
// of the chart and all that the cluster serves. An upgrade keeps the values that are live while commit, options and what the chart reads are the same.
import { isDeepStrictEqual } from 'node:util';
import type { LastSync } from '../../model/application-record.ts';
import type { Manifest } from '../../model/change-set.ts';
import type { FileTree } from '../../model/source-tree.ts';
import type { Run } from '../operation/run.ts';
import { fetchSource } from './fetch-source.ts';
import { inputsKey, isChartKey, type RenderKeyParts, renderingKey } from './render-key.ts';

type Wanted = RenderKeyParts & { readonly files: FileTree; readonly renderedKey: string };

/** The rendering that is deployed, where it was made from the same by an earlier version. */
export async function earlierRendering(run: Run, wanted: Wanted): Promise<readonly Manifest[] | undefined> {
  const { lastSync, specHash } = await run.application();
  if (lastSync === undefined || isChartKey(lastSync.renderedKey)) return undefined;
  const sameOptions =
    lastSync.specHash === specHash || lastSync.renderedKey === inputsKey({ ...wanted, inputs: lastSync.inputs });
  if (!sameOptions || !(await readsTheSame(run, wanted, lastSync))) return undefined;
  return run.manifests.find(lastSync.renderedKey);
}

/** Whether the deployed commit has what the chart reads as the wanted one has it. */
async function readsTheSame(run: Run, wanted: Wanted, { inputs, revision }: LastSync): Promise<boolean> {
  if (isDeepStrictEqual(inputs, wanted.inputs)) return true;
  const { app, renderedKey } = wanted;
  try {
    const snapshot = await run.snapshot({ app }, revision);
    const { files } = await fetchSource(app, snapshot);
    return renderingKey({ ...wanted, files }).key === renderedKey;
  } catch (error) {
    run.log.info('cannot compare with the deployed commit, rendering', { revision, reason: String(error) });
    return false;
  }
}
