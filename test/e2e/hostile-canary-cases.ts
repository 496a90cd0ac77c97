// Applications with a secret in them, in forms that make servers and tools quote their input, and how each of them ends.
import type { OutcomeStatus } from '../../lib/model/operation.ts';
import type { Files } from '../lib/git/git-cli.ts';

/** The secret that is planted, and what takes its place later. */
export const CANARY = 'c4n4ry-7b1e';
export const REPLACED = `${CANARY}-v2`;
const CHART = 'apiVersion: v2\nname: chart\nversion: 1.0.0\n';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A Secret as text, with the secret in an annotation too. */
export function secretManifest(name: string, rest: object): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, annotations: { copy: CANARY } },
    ...rest,
  });
}

type Case = {
  readonly files: Files;
  readonly ends: OutcomeStatus;
  /** Words of the end, so that it is known to be the one that was meant. */
  readonly message: RegExp;
};

/** By folder, which is also the application's name. */
export const canaryCases: Readonly<Record<string, Case>> = {
  good: {
    files: {
      'a.yaml': secretManifest('good', { data: { password: base64(CANARY) }, stringData: { token: CANARY } }),
      'b.yaml': secretManifest('fixed', { immutable: true, stringData: { token: CANARY } }),
    },
    ends: 'synced',
    message: /\d created/,
  },
  'bad-base64': {
    files: { 'a.yaml': secretManifest('bad-base64', { data: { password: `${CANARY}!` } }) },
    ends: 'refused',
    message: /illegal base64/,
  },
  'wrong-type': {
    files: {
      'a.yaml': secretManifest('wrong-type', { data: { password: { value: CANARY } }, stringData: { pin: [CANARY] } }),
    },
    ends: 'refused',
    message: /expected string/,
  },
  'data-is-text': {
    files: { 'a.yaml': secretManifest('text', { data: CANARY }) },
    ends: 'refused',
    message: /expected map/,
  },
  'unknown-field': {
    files: { 'a.yaml': secretManifest('unknown', { stringDta: { password: CANARY } }) },
    ends: 'refused',
    message: /field not declared in schema/,
  },
  'wrong-label': {
    files: {
      'a.yaml': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'label', labels: { password: `${CANARY} %` } },
      }),
    },
    ends: 'refused',
    message: /metadata\.labels: invalid value/,
  },
  'no-yaml': {
    files: { 'a.yaml': `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${CANARY}\n  b: [${CANARY}\n` },
    ends: 'failed',
    message: /a\.yaml:\d+: a bracket or a quote is not closed/,
  },
  'no-object': {
    files: { 'a.yaml': `kind: Secret\nmetadata: {name: {a: ${CANARY}}}\nstringData: {password: ${CANARY}}\n` },
    ends: 'failed',
    message: /apiVersion missing/,
  },
  'bad-patch': {
    files: {
      'kustomization.yaml': `secretGenerator: [{name: a, literals: ["${CANARY}"]}]\n`,
    },
    ends: 'failed',
    message: /kubectl kustomize failed/,
  },
  'good-kustomization': {
    files: { 'kustomization.yaml': `secretGenerator: [{name: generated, literals: ["token=${CANARY}"]}]\n` },
    ends: 'synced',
    message: /\d created/,
  },
  'chart-fails': {
    files: {
      'Chart.yaml': CHART,
      'values.yaml': `password: ${CANARY}-in-values\n`,
      'templates/a.yaml': '{{ mustToDate "2006" .Values.password }}',
    },
    ends: 'failed',
    message: /error calling mustToDate/,
  },
  'good-chart': {
    files: {
      'Chart.yaml': CHART,
      'values.yaml': `password: ${CANARY}-in-values\n`,
      'templates/a.yaml': `${secretManifest('chart', { stringData: { password: 'PLACE' } }).replace('PLACE', '{{ .Values.password }}')}`,
    },
    ends: 'synced',
    message: /\d created/,
  },
};
