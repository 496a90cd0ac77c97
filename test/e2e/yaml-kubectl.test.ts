// What is printed as YAML, read by kubectl itself.
import { spawnSync } from 'node:child_process';
import { yamlText } from '../../cli/text/yaml-text.ts';
import { kubectlLayer } from '../../dev/kubectl-layer.ts';
import { driftlessIn } from '../cli/driftless.ts';
import { TRICKY } from '../cli/tricky-texts.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

/** The data of ConfigMaps, as kubectl has read them. */
async function readByKubectl(text: string): Promise<readonly unknown[]> {
  const { kubectl } = await kubectlLayer();
  const args = ['create', '--kubeconfig', kubeconfigPath(), '--dry-run=client', '-o', 'json', '-f', '-'];
  const { stdout, stderr, status } = spawnSync(kubectl, args, { input: text, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split(/(?<=^\}\n)/m).map((one) => JSON.parse(one).data);
}

const configMap = (data: object): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });

test('P5: kubectl reads every text as what it is, as value and as key', async () => {
  const values = Object.fromEntries(TRICKY.map((text, place) => [`k${place}`, text]));
  const keys = Object.fromEntries(TRICKY.map((text, place) => [text, String(place)]));
  const printed = [values, keys].map((data) => yamlText(configMap(data))).join('\n---\n');
  expect(await readByKubectl(`${printed}\n`)).toEqual([values, keys]);
});

test('P5: kubectl reads what `render` prints', async () => {
  const data = { a: 'yes', b: 'on', c: 'y', d: '1_000', e: '0b11', f: '1:30', g: 'a\n\tb\n' };
  const { stdout } = await driftlessIn({ 'shop/a.yaml': JSON.stringify(configMap(data)) }, [
    'render',
    'shop',
    '-o',
    'yaml',
  ]);
  expect(await readByKubectl(stdout)).toEqual([data]);
});
