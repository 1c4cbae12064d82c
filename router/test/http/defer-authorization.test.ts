import { afterEach, describe, expect, it } from '@jest/globals';
import { AuthorizationMetrics } from '../../src/authorization-metrics.js';
import type { CommonRouterConfig } from '../../src/config.js';
import { RouterHarness } from './router-harness.js';

type Authorization = CommonRouterConfig['authorization'];

const REFUSED = 'UNAUTHORIZED_FIELD_OR_TYPE';
const reason = { directive: 'policy', coordinate: 'Post.moderation', missing: [['blog.post.moderate']] };
const path = ['latest', 'moderation'];

describe('a refused field in a deferred part', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());

  /** The pieces of the answer, or the one that it is. */
  const ask = async (authorization: Partial<Authorization>) => {
    router = new RouterHarness();
    const defaults: Authorization = { mode: 'filter', errors: 'errors', reasons: true, filterIntrospection: true };
    await router.start({ router: { authorization: { ...defaults, ...authorization } } });
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;deferSpec=20220824, application/json' },
      body: JSON.stringify({ query: '{ hello ... @defer { latest { id moderation } } }' }),
    });
    const text = await response.text();
    const pieces = text.startsWith('{') ? [text] : text.split('---').flatMap((part) => part.split('\r\n\r\n')[1] ?? []);
    return { status: response.status, pieces: pieces.map((piece) => JSON.parse(piece) as Record<string, unknown>) };
  };

  const first = { data: { hello: 'Hello, world' }, hasNext: true };
  const part = { data: { latest: { id: 'p1', moderation: null } }, path: [] };

  it('is told among the errors of the part, with its reason, and counted', async () => {
    const { pieces } = await ask({});
    expect(pieces).toEqual([
      first,
      {
        incremental: [
          { ...part, errors: [{ message: expect.any(String), path, extensions: { code: REFUSED, reason } }] },
        ],
        hasNext: false,
      },
    ]);
    expect((await router.metrics.of(AuthorizationMetrics).denials.get()).values[0]?.value).toBe(1);
  });

  it('is told without its reason where reasons stay inside', async () => {
    const { pieces } = await ask({ reasons: false });
    expect(pieces[1]).toEqual({
      incremental: [{ ...part, errors: [{ message: expect.any(String), path, extensions: { code: REFUSED } }] }],
      hasNext: false,
    });
  });

  it('is told in the extensions of the part where errors are kept apart', async () => {
    const { pieces } = await ask({ errors: 'extensions' });
    expect(pieces[1]).toEqual({
      incremental: [
        {
          ...part,
          extensions: {
            authorization: {
              errors: [{ message: expect.any(String), path, extensions: { code: REFUSED, reason } }],
            },
          },
        },
      ],
      hasNext: false,
    });
  });

  it('refuses the whole operation in the mode that rejects', async () => {
    const { status, pieces } = await ask({ mode: 'reject' });
    expect(status).toBe(403);
    expect(pieces).toMatchObject([{ data: null, errors: [{ path, extensions: { code: REFUSED } }] }]);
  });

  it('is delivered, and reported with what comes first, in the mode that reports', async () => {
    const { pieces } = await ask({ mode: 'report-only' });
    expect(pieces).toMatchObject([
      { ...first, extensions: { authorization: { errors: [{ path, extensions: { code: REFUSED } }] } } },
      { incremental: [part], hasNext: false },
    ]);
    expect(pieces[1]).not.toHaveProperty('incremental.0.errors');
  });
});
