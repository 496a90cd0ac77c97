import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DriftlessError } from '../../errors.ts';
import type { HelmOptions } from '../../model/application.ts';
import type { RenderRequest } from '../../model/source-tree.ts';
import { folderArgument, folderName, homeEnv, OFFLINE, type ToolCall } from './tool-call.ts';
import { below, type Workspace } from './workspace.ts';

/**
 * `helm template`: without tests and notes, without a cluster (`lookup` finds nothing), without DNS (Helm CVE-2023-25165). Values files in
 * their order, inline values last.
 */
export async function helmCall(request: RenderRequest, options: HelmOptions, workspace: Workspace): Promise<ToolCall> {
  const inline = join(workspace.root, 'values.json');
  await writeFile(inline, JSON.stringify(options.values ?? {}), { mode: 0o600, flag: 'wx' });
  const values = [...options.valueFiles.map((file) => valuesFile(file, request, workspace)), inline];
  return {
    args: [
      'template',
      `--namespace=${request.namespace}`,
      `--kube-version=${request.kubeVersion}`,
      ...request.apiVersions.map((version) => `--api-versions=${version}`),
      ...(options.includeCRDs ? ['--include-crds'] : []),
      '--skip-tests',
      ...values.map((file) => `--values=${csvField(file)}`),
      '--',
      options.releaseName ?? request.name,
      folderArgument(request.path),
    ],
    env: { ...homeEnv(workspace), ...OFFLINE },
    network: false,
    subject: `${folderName(request.path)}: helm template`,
    replacements: [
      ...(request.hidden ?? []).map((text) => ({ path: text, name: '…' })),
      { path: inline, name: 'spec.source.helm.values' },
    ],
  };
}

/** Values files are paths from the repository's root that begin with `/`. */
function valuesFile(file: string, { files }: RenderRequest, { source }: Workspace): string {
  const path = file.replace(/^\//, '');
  if (files.has(path)) return below(source, path);
  throw new DriftlessError('RenderFailed', `spec.source.helm.valueFiles: "${file}" does not exist in the repository`);
}

/** Helm reads the option as a line of CSV. */
function csvField(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
