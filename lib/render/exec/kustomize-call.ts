import type { KustomizeOptions } from '../../model/application.ts';
import type { RenderRequest } from '../../model/source-tree.ts';
import { folderArgument, folderName, homeEnv, OFFLINE, type ToolCall } from './tool-call.ts';
import type { Workspace } from './workspace.ts';

/** Where Git is searched when remote bases are allowed. */
const GIT: Readonly<Record<string, string>> = { PATH: '/usr/local/bin:/usr/bin:/bin', GIT_TERMINAL_PROMPT: '0' };

/** `kubectl kustomize`, with kustomize's own rule that files lie in the folder of their kustomization. */
export function kustomizeCall({ path }: RenderRequest, options: KustomizeOptions, workspace: Workspace): ToolCall {
  return {
    args: ['kustomize', folderArgument(path)],
    env: { ...homeEnv(workspace), ...(options.allowRemoteBases ? GIT : OFFLINE) },
    network: options.allowRemoteBases,
    subject: `${folderName(path)}: kubectl kustomize`,
    replacements: [],
  };
}
