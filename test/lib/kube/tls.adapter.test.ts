import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { CONFIG_MAP, objectOf, openFake } from './fake-cluster.ts';

const pem = (file: string) => readFileSync(new URL(`../../fixtures/tls/${file}`, import.meta.url), 'utf8');
// Self-signed, for the name api.example.
const cert = pem('api-server.crt');
const key = pem('api-server.key');

const configMap = objectOf(CONFIG_MAP, 'settings');
const id = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const answer = () => ({ body: configMap });

test('a server whose authority is known is trusted', async () => {
  const { cluster, warnings } = await openFake(answer, {
    tls: { cert, key },
    access: () => ({ caData: cert, tlsServerName: 'api.example' }),
  });
  expect(await cluster.get(CONFIG_MAP, id)).toEqual(configMap);
  expect(warnings).toEqual([]);
});

test.each([
  ['an unknown authority', { tlsServerName: 'api.example' }],
  ['another name', { caData: cert }],
])('a server with a certificate of %s gets no request, and is not asked twice', async (_what, access) => {
  const { cluster, server, clock } = await openFake(answer, { tls: { cert, key }, access: () => access });
  await expect(cluster.get(CONFIG_MAP, id)).rejects.toMatchObject({
    code: 'ApiServerUnreachable',
    message: expect.stringMatching(
      /: its certificate cannot be verified: .*; check the certificate authority that is configured/,
    ),
  });
  expect(server.received).toEqual([]);
  expect(clock.slept).toEqual([]);
});

test('verification is left out only where that is asked for, with a warning', async () => {
  const { cluster, warnings } = await openFake(answer, {
    tls: { cert, key },
    access: () => ({ insecureSkipTlsVerify: true }),
  });
  expect(await cluster.get(CONFIG_MAP, id)).toEqual(configMap);
  expect(warnings).toEqual(['the certificate of the API server is not verified']);
});

test('a client certificate is shown', async () => {
  const names: string[] = [];
  const { cluster } = await openFake(
    () => (response) => {
      names.push(String((response.socket as TLSSocket).getPeerCertificate().subject.CN));
      response.end(JSON.stringify(configMap));
    },
    {
      tls: { cert, key, requestCert: true, rejectUnauthorized: true, ca: cert },
      access: () => ({ caData: cert, tlsServerName: 'api.example', clientCert: { cert, key } }),
    },
  );
  expect(await cluster.get(CONFIG_MAP, id)).toEqual(configMap);
  expect(names).toEqual(['driftless-test']);
});

test.each(['http://api.example', 'ftp://127.0.0.1', 'api.example:6443', ''])(
  'the server %j is refused',
  async (server) => {
    await expect(openFake(answer, { access: () => ({ server }) })).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: `API server "${server}": not an https URL; plain http is allowed for this machine only`,
    });
  },
);

test('an address with credentials is refused without them (CVE-2024-31216)', async () => {
  const server = 'http://me:canary@api.example';
  await expect(openFake(answer, { access: () => ({ server }) })).rejects.toMatchObject({
    message: 'API server "http://…@api.example": not an https URL; plain http is allowed for this machine only',
  });
});
