import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { kubectlLayer } from '../../../../dev/kubectl-layer.ts';
import type { RenderRequest } from '../../../../lib/model/source-tree.ts';
import { hasNetworkNamespaces } from '../../../../lib/render/exec/confinement.ts';
import { createRenderer, type RendererOptions } from '../../../../lib/render/exec/renderer.ts';
import { runTool } from '../../../../lib/render/exec/run-tool.ts';
import { removeLeftovers } from '../../../../lib/render/exec/workspace.ts';
import { treeOf } from '../fixture.ts';

const programs = await kubectlLayer();
const ENOUGH = { seconds: 20, outputBytes: 1_000_000, memoryBytes: 2 ** 30 };
let tempDir: string;

beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'driftless-test-'));
});

afterEach(() => rmSync(tempDir, { recursive: true }));

function render(texts: Record<string, string>, tool: RenderRequest['tool'], limits?: RendererOptions['limits']) {
  const renderer = createRenderer({ ...programs, tempDir, ...(limits && { limits }) });
  const files = treeOf(texts);
  const names = { name: 'shop', namespace: 'store', kubeVersion: 'v1.36.3', apiVersions: [] };
  return renderer.render({ ...names, tool, files, path: 'app' });
}

const KUSTOMIZE = { kustomize: { allowRemoteBases: false } };
const HELM = { helm: { valueFiles: [], includeCRDs: true } };

/** A server on the loopback interface that a tool must not reach. */
async function withServer(work: (url: string) => Promise<void>): Promise<number> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end('secret');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
  server.close();
  return requests;
}

const GENERATOR = (url: string): string =>
  `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: ["k=${url}"]\n`;

(hasNetworkNamespaces() ? test.each : test.skip.each)<[string, (url: string) => Record<string, string>]>([
  ['a generator', (url) => ({ 'app/kustomization.yaml': 'generators: [gen.yaml]', 'app/gen.yaml': GENERATOR(url) })],
  ['an inline generator', (url) => ({ 'app/kustomization.yaml': `generators: [${JSON.stringify(GENERATOR(url))}]` })],
  ['a resource', (url) => ({ 'app/kustomization.yaml': `resources: ["${url}"]` })],
])('R1: a tool reaches no server of this machine, by %s', async (_what, texts) => {
  const requests = await withServer(async (url) => {
    await expect(render(texts(url), KUSTOMIZE)).rejects.toMatchObject({ code: 'RenderFailed' });
  });
  expect(requests).toBe(0);
});

test('R2: a chart that builds gigabytes ends at the limit of memory', async () => {
  const text = '{{- $x := repeat 250000000 "0123456789" }}{{- $y := printf "%s" $x }}{{ len $y }}';
  const files = { 'app/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n', 'app/templates/a.yaml': text };
  await expect(render(files, HELM)).rejects.toMatchObject({
    code: 'RenderLimit',
    message: 'app: helm template needs more than 1024 MiB of memory',
  });
});

test('R2: the memory of what a tool starts counts too', async () => {
  // Each `tail` holds all of its input, and less than the limit, until its input ends: both do so at the same time.
  const half = '(head -c 300000000 /dev/zero; sleep 20) | tail >/dev/null';
  const args = ['-c', `${half} & ${half} & wait`];
  const run = { program: '/bin/sh', args, folder: tempDir, env: {}, network: false, subject: 'app: tool' };
  await expect(runTool(run, { ...ENOUGH, memoryBytes: 400 * 2 ** 20 })).rejects.toMatchObject({
    code: 'RenderLimit',
    message: 'app: tool needs more than 400 MiB of memory',
  });
});

test('R2: a tool that a signal has ended is reported with the signal', async () => {
  const run = { program: '/bin/sh', args: ['-c', 'echo oops >&2; kill -SEGV $$'], folder: tempDir, env: {} };
  await expect(runTool({ ...run, network: false, subject: 'app: tool' }, ENOUGH)).resolves.toEqual({
    ok: false,
    errorOutput: expect.stringMatching(/^ended by SIGSEGV\n(?:oops\n)?/),
  });
});

test('R4: a tool ends with the process that started it, also one that is killed', async () => {
  const marker = join(tempDir, 'alive');
  const script = `
    const { runTool } = await import(${JSON.stringify(new URL('../../../../lib/render/exec/run-tool.ts', import.meta.url).href)});
    await runTool({ program: '/bin/sh', args: ['-c', 'while :; do date +%N > ${marker}; sleep 0.05; done'], folder: '/', env: {},
      network: false, subject: 'x' }, ${JSON.stringify(ENOUGH)});`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  await until(() => existsSync(marker));
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await expect(untilGone(marker)).resolves.toBe(true);
});

async function until(happens: () => boolean): Promise<void> {
  while (!happens()) await setTimeout(20);
}

/** Whether nothing writes a file any more: removed, it stays away. */
async function untilGone(path: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    rmSync(path, { force: true });
    await setTimeout(200);
    if (!existsSync(path)) return true;
  }
  return false;
}

test('R4: folders that an ended process left behind are removed, those in use are not', async () => {
  const ended = spawn('/bin/true');
  await once(ended, 'exit');
  const folders = {
    [`driftless-render-${ended.pid}-1-abc`]: 'of a process that has ended',
    [`driftless-render-${process.pid}-1-abc`]: 'of an earlier process with this number',
    [`driftless-render-${process.ppid}-1-abc`]: 'of a process that runs',
    'driftless-render-other': 'no folder of a rendering',
  };
  for (const name of Object.keys(folders)) {
    mkdirSync(join(tempDir, name));
    writeFileSync(join(tempDir, name, 'values.json'), '{}');
  }
  await removeLeftovers(tempDir);
  expect(readdirSync(tempDir).sort()).toEqual(
    [`driftless-render-${process.ppid}-1-abc`, 'driftless-render-other'].sort(),
  );
});
