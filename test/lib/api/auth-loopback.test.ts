import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { type ApiRig, configure, startApi } from './api-rig.ts';

let api: ApiRig;

beforeEach(async () => {
  api = startApi(await openMemoryStore());
  await configure(api);
});

const SYNC = '/api/applications/shop/sync';
const refused = (code: string): object => ({
  error: { code, message: expect.any(String), hint: expect.any(String) },
});

test.each([
  ['a name that was made to mean 127.0.0.1', { host: 'evil.example:8080' }],
  ['a name that begins like ours', { host: 'localhost.evil.example' }],
  ['a tunnel for webhooks', { host: 'localhost:8080', 'x-forwarded-for': '203.0.113.9' }],
  ['a page of another site', { host: '127.0.0.1:8080', origin: 'https://evil.example' }],
  ['a page without an origin', { host: '127.0.0.1:8080', origin: 'null' }],
])('what comes by %s is refused, also when it only reads', async (_how, headers) => {
  expect(await api.post(SYNC, {}, headers)).toEqual({ status: 403, body: refused('RequestRefused') });
  expect(await api.get('/api/applications', headers)).toEqual({ status: 403, body: refused('RequestRefused') });
  expect(api.started).toEqual([]);
});

test.each([
  ['127.0.0.1', { host: '127.0.0.1:8080' }],
  ['localhost', { host: 'localhost:8080' }],
  ['a page of this machine', { host: 'localhost:8080', origin: 'http://localhost:5173' }],
])('what comes by %s is answered', async (_how, headers) => {
  expect(await api.get('/api/applications', headers)).toMatchObject({ status: 200 });
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a form of another site, sent as %s, is not read',
  async (type) => {
    const reply = await api.post(SYNC, '{}', { host: '127.0.0.1:8080', 'content-type': type });
    expect(reply).toEqual({ status: 400, body: refused('RequestInvalid') });
    expect(api.started).toEqual([]);
  },
);
