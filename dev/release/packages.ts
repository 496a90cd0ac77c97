// What is published, one entry for each package: its package.json, and what puts its files into its folder.
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import dynoxide from '@dynoxide/linux-x64/package.json' with { type: 'json' };
import { controlPlaneBinary } from '../cache.ts';
import { kubectlLayer } from '../kubectl-layer.ts';
import { sourcesHash } from '../setup/cache.mjs';
import { bundleCommand, LINKED, OLDEST_NODE } from './bundle-command.ts';

type Platform = { readonly os: string; readonly cpu: string };

/** Where `dev` and `demo` run. A package of programs is made for each, of programs that were built on and for this machine. */
export const PLATFORMS: readonly Platform[] = [{ os: 'linux', cpu: 'x64' }];

export type Publication = {
  /** Of its folder below the folder of packages. */
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly fill: (folder: string) => Promise<void>;
};

type Release = { readonly root: string; readonly version: string };

const LICENSE = { license: 'Apache-2.0', engines: { node: `>=${OLDEST_NODE}` } };

/** The command, whose dependencies are bundled; the programs of a platform are optional, for `dev`, `demo` and rendering. */
export function command({ root, version }: Release): Publication {
  const programs = PLATFORMS.flatMap((platform) =>
    ['control-plane', 'tools'].map((what) => [nameOf(what, platform), version] as const),
  );
  return {
    folder: 'driftless',
    manifest: {
      name: 'driftless',
      version,
      description: 'Serverless GitOps for Amazon EKS: the command line, and the whole deployer on one machine',
      ...LICENSE,
      type: 'module',
      bin: { driftless: LINKED },
      files: ['lib', 'dev'],
      optionalDependencies: { ...Object.fromEntries(programs), [dynoxide.name]: dynoxide.version },
    },
    fill: async (folder) => {
      await bundleCommand(root, folder);
      await cp(join(root, 'dev/demo'), join(folder, 'dev/demo'), { recursive: true });
    },
  };
}

/** The control plane of `dev` and `demo`. */
export function controlPlane(platform: Platform, { version }: Release): Publication {
  return {
    folder: folderOf('control-plane', platform),
    manifest: {
      ...programManifest('control-plane', platform, version),
      description: 'A Kubernetes control plane in one process, for driftless dev and driftless demo',
      contents: { program: 'bin/control-plane', sources: sourcesHash() },
    },
    fill: (folder) => put(folder, { 'control-plane': controlPlaneBinary() ?? '' }),
  };
}

/** kubectl and helm as a deployment on AWS renders with them. */
export async function tools(platform: Platform, { version }: Release): Promise<Publication> {
  const layer = await kubectlLayer();
  return {
    folder: folderOf('tools', platform),
    manifest: {
      ...programManifest('tools', platform, version),
      description: 'kubectl and helm, for driftless render, driftless plan and driftless dev',
      contents: { kubectl: 'bin/kubectl', helm: 'bin/helm', versions: basename(dirname(layer.kubectl)) },
    },
    fill: (folder) => put(folder, { kubectl: layer.kubectl, helm: layer.helm }),
  };
}

function programManifest(what: string, platform: Platform, version: string): Readonly<Record<string, unknown>> {
  const { os, cpu } = platform;
  return {
    name: nameOf(what, platform),
    version,
    ...LICENSE,
    os: [os],
    cpu: [cpu],
    files: ['bin'],
    preferUnplugged: true,
  };
}

function nameOf(what: string, platform: Platform): string {
  return `@driftless/${folderOf(what, platform)}`;
}

function folderOf(what: string, { os, cpu }: Platform): string {
  return `${what}-${os}-${cpu}`;
}

async function put(folder: string, programs: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  for (const [name, program] of Object.entries(programs)) await copyFile(program, join(folder, 'bin', name));
}
