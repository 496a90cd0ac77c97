import type { Replacement } from './error-output.ts';
import type { Workspace } from './workspace.ts';

/** How a tool is called for one request. */
export type ToolCall = {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether the tool may open connections. */
  readonly network: boolean;
  /** For messages: `deploy/prod: kubectl kustomize`. */
  readonly subject: string;
  readonly replacements: readonly Replacement[];
};

/** A port without a listener: Go's HTTP client sends every request there, so none leaves the machine. */
const NOWHERE = 'http://127.0.0.1:9';

/** Cuts a tool off from the network; without PATH it finds no Git either. */
export const OFFLINE: Readonly<Record<string, string>> = { HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE };

/** Every folder that the tools may write to, inside of the workspace. */
export function homeEnv({ home }: Workspace): Readonly<Record<string, string>> {
  return {
    HOME: home,
    TMPDIR: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
    HELM_PLUGINS: home,
  };
}

/** Names a folder of the repository in messages; the root has no name of its own. */
export function folderName(path: string): string {
  return path === '' ? 'the root folder' : path;
}

/** A folder as an argument, from the folder of the files; never taken for an option. */
export function folderArgument(path: string): string {
  return `./${path}`;
}
