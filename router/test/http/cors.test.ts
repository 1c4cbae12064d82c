import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RouterHarness } from './router-harness.js';

const APP = 'https://app.example.com';
const STRANGER = 'https://evil.example.com';

describe('pages of other origins', () => {
  let router: RouterHarness;

  beforeEach(async () => {
    router = new RouterHarness();
    await router.start({ router: { cors: { origins: [APP], maxAge: 3_600_000 } } });
  });
  afterEach(() => router.stop());

  const preflight = (origin: string, headers = 'authorization, content-type'): Promise<Response> =>
    fetch(router.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': headers,
      },
    });
  const post = (origin: string | undefined, body = '{"query":"{ hello }"}'): Promise<Response> =>
    fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(origin && { origin }) },
      body,
    });

  it('that are allowed may name an organization by its header', async () => {
    const headers = 'content-type, x-organization';
    expect((await preflight(APP, headers)).headers.get('access-control-allow-headers')).toBe(headers);
    expect((await preflight(STRANGER, headers)).headers.get('access-control-allow-headers')).toBeNull();
  });

  it('that are allowed may ask with credentials and read the answer', async () => {
    const asked = await preflight(APP);
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '3600',
      vary: 'Origin',
    });

    const answered = await post(APP);
    expect(await answered.json()).toEqual({ data: { hello: 'Hello, world' } });
    expect(answered.headers.get('access-control-allow-origin')).toBe(APP);
    expect(answered.headers.get('access-control-expose-headers')).toContain('x-request-id');
  });

  it('may read refusals too', async () => {
    const refused = await post(APP, 'no json');
    expect(refused.status).toBe(400);
    expect(refused.headers.get('access-control-allow-origin')).toBe(APP);
  });

  it('that are not allowed get no permission', async () => {
    for (const answer of [await preflight(STRANGER), await post(STRANGER), await preflight(`${APP}.evil.example`)]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(answer.headers.get('vary')).toBe('Origin');
    }
  });

  it('are nobody’s concern where a request names no origin', async () => {
    expect((await post(undefined)).headers.has('access-control-allow-origin')).toBe(false);
  });

  it('follow rules that change while the router runs', async () => {
    await router.router.reload({ cors: { origins: ['*'], maxAge: 0 } });
    const answer = await preflight(STRANGER);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
    expect((await preflight(APP)).headers.get('access-control-allow-origin')).toBe('*');
  });

  it('never reach what operators ask', async () => {
    const ready = await fetch(router.url.replace('/graphql', '/ready'), { headers: { origin: APP } });
    expect(ready.headers.has('access-control-allow-origin')).toBe(false);
  });
});
