import { Hono } from 'hono';
import { tokenOnly } from '../../../lib/api/auth-token.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';

const TOKEN = 'a'.repeat(64);

async function statusWith(headers: Record<string, string>): Promise<number> {
  const api = new Hono()
    .use('*', tokenOnly(TOKEN, new RecordingLog()))
    .get('/api/applications', (context) => context.json([]));
  return (await api.request('/api/applications', { headers })).status;
}

test.each<[string, Record<string, string>, number]>([
  ['the token', { authorization: `Bearer ${TOKEN}` }, 200],
  ['nothing', {}, 401],
  ['another token', { authorization: `Bearer ${'b'.repeat(64)}` }, 401],
  ['the token without its scheme', { authorization: TOKEN }, 401],
  ['a cookie', { cookie: `token=${TOKEN}` }, 401],
  ['a part of the token', { authorization: `Bearer ${TOKEN.slice(0, 32)}` }, 401],
])('T5: a request with %s is answered with its status', async (_what, headers, status) => {
  expect(await statusWith(headers)).toBe(status);
});
