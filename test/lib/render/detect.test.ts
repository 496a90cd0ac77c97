import type { Source } from '../../../lib/model/application.ts';
import { detectTool } from '../../../lib/render/detect.ts';
import { sourceOf, treeOf } from './fixture.ts';

const helm = { valueFiles: [], includeCRDs: true };

test.each<[string, Partial<Source>, string[], string]>([
  ['no marker', { path: 'app' }, ['app/api.yaml', 'Chart.yaml'], 'directory'],
  ['Chart.yaml', { path: 'app' }, ['app/Chart.yaml', 'app/kustomization.yaml'], 'helm'],
  ['kustomization.yaml', { path: 'app' }, ['app/kustomization.yaml'], 'kustomize'],
  ['kustomization.yml', { path: '' }, ['kustomization.yml'], 'kustomize'],
  ['Kustomization', { path: '' }, ['Kustomization'], 'kustomize'],
  ['Chart.yaml, but options for a directory', { directory: { recurse: true } }, ['Chart.yaml'], 'directory'],
  ['Chart.yaml, but options for Kustomize', { kustomize: { allowRemoteBases: false } }, ['Chart.yaml'], 'kustomize'],
  ['nothing, but options for Helm', { helm }, [], 'helm'],
])('a folder with %s is rendered with the right tool', (_what, source, files, tool) => {
  expect(detectTool(sourceOf(source), treeOf(Object.fromEntries(files.map((file) => [file, '']))))).toBe(tool);
});
