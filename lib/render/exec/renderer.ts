// In: the files of a commit and a request for Kustomize or Helm. Out: the YAML that the tool prints. What may go wrong: RenderFailed with the
// tool's message, RenderLimit, SourceRefused. The tools run without shell syntax, network, or variables of this environment.
import { availableParallelism, tmpdir } from 'node:os';
import { limitConcurrency } from '../../async/limit-concurrency.ts';
import { DriftlessError } from '../../errors.ts';
import type { RenderRequest } from '../../model/source-tree.ts';
import type { Renderer } from '../../ports/render.ts';
import { safeErrorOutput } from './error-output.ts';
import { helmCall } from './helm-call.ts';
import { kustomizeCall } from './kustomize-call.ts';
import { runTool, type ToolLimits } from './run-tool.ts';
import { folderName, type ToolCall } from './tool-call.ts';
import { inWorkspace, removeLeftovers, type Workspace } from './workspace.ts';

export type RendererOptions = {
  /** Paths of the programs. */
  readonly kubectl: string;
  readonly helm: string;
  /** The parent of the workspaces; the system's folder for temporary files by default. */
  readonly tempDir?: string;
  readonly limits?: Partial<ToolLimits>;
  /** Whether a request may give Kustomize the network; where it may not, remote bases are refused. */
  readonly remoteBases?: boolean;
};

const LIMITS: ToolLimits = { seconds: 60, outputBytes: 32 * 2 ** 20, memoryBytes: 2 ** 30 };

/** A renderer that runs `kubectl kustomize` and `helm template`, at most two for each processor. */
export function createRenderer({
  kubectl,
  helm,
  tempDir = tmpdir(),
  limits = {},
  remoteBases = true,
}: RendererOptions): Renderer {
  const limited = limitConcurrency(2 * availableParallelism());
  const cleaned = removeLeftovers(tempDir);
  const render = async (request: RenderRequest, workspace: Workspace): Promise<string> => {
    const { tool } = request;
    if (!remoteBases && 'kustomize' in tool && tool.kustomize.allowRemoteBases)
      throw new DriftlessError(
        'SourceRefused',
        `${folderName(request.path)}: spec.source.kustomize.allowRemoteBases: the renderer has no network on AWS; copy the bases into the repository`,
      );
    return 'helm' in tool
      ? print(helm, await helmCall(request, tool.helm, workspace), workspace)
      : print(kubectl, kustomizeCall(request, tool.kustomize, workspace), workspace);
  };
  const print = async (program: string, call: ToolCall, workspace: Workspace): Promise<string> => {
    const end = await runTool({ ...call, program, folder: workspace.source }, { ...LIMITS, ...limits });
    if (end.ok) return end.output;
    throw new DriftlessError(
      'RenderFailed',
      `${call.subject} failed: ${withRepositoryPaths(end.errorOutput, call, workspace)}`,
    );
  };
  return {
    render: (request) =>
      limited(async () => {
        await cleaned;
        return inWorkspace(tempDir, request.files, (workspace) => render(request, workspace));
      }),
  };
}

function withRepositoryPaths(errorOutput: string, { replacements }: ToolCall, { source, root }: Workspace): string {
  return safeErrorOutput(errorOutput, [
    ...replacements,
    { path: `${source}/`, name: '' },
    { path: source, name: '.' },
    { path: root, name: '' },
  ]);
}
