// Objects as an API server sends them, each a manifest in test/fixtures/health. Its first line is a comment with the health that is expected.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { healthOf } from '../../../lib/health/health.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';

const folder = new URL('../../fixtures/health/', import.meta.url);
const files = readdirSync(folder).toSorted();

type Fixture = { readonly object: KubeObject; readonly expected: unknown };

function fixture(file: string): Fixture {
  const text = readFileSync(new URL(file, folder), 'utf8');
  return { object: parse(text), expected: parse(/^# health: (.+)$/m.exec(text)?.[1] ?? '') };
}

/** `PersistentVolumeClaim` as a part of a file's name: `persistent-volume-claim`. */
function inKebabCase(kind: string): string {
  return kind.replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
}

test.each(files)('%s has the health that it says', (file) => {
  const { object, expected } = fixture(file);
  expect(healthOf(object)).toEqual(expected);
});

test('the name of each fixture is its kind and its situation', () => {
  const misnamed = files.filter((file) => !file.startsWith(`${inKebabCase(fixture(file).object.kind)}-`));
  expect(misnamed).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});
