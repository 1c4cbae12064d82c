import { afterEach, describe, expect, it } from '@jest/globals';
import { AuthorizationMetrics } from '../src/authorization-metrics.js';
import type { CommonRouterConfig } from '../src/config.js';
import { RouterHarness } from './http/router-harness.js';

type Authorization = CommonRouterConfig['authorization'];

const REFUSED = 'UNAUTHORIZED_FIELD_OR_TYPE';
const QUERY = '{ hi: hello mine: secret again: secret }';
const missing = { directive: 'policy', coordinate: 'Query.secret', missing: [['blog.post.read']] };

describe('authorization', () => {
  let router: RouterHarness;
  const start = async (authorization: Partial<Authorization>): Promise<void> => {
    router = new RouterHarness();
    router.permissions = [];
    const defaults: Authorization = { mode: 'filter', errors: 'errors', reasons: true, filterIntrospection: true };
    await router.start({ router: { authorization: { ...defaults, ...authorization } } });
  };
  afterEach(() => router.stop());

  const ask = async (query: string) => {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const denials = async (): Promise<number | undefined> =>
    (await router.metrics.of(AuthorizationMetrics).denials.get()).values[0]?.value;
  const refusal = (path: string, reason: unknown = missing) => ({
    message: 'Unauthorized field or type',
    path: [path],
    extensions: { code: REFUSED, reason },
  });

  describe('that filters', () => {
    it('answers what is permitted, and counts what is not', async () => {
      await start({});
      expect(await ask(QUERY)).toEqual({
        status: 200,
        body: {
          data: { hi: 'Hello, world', mine: null, again: null },
          errors: [refusal('mine'), refusal('again')],
        },
      });
      expect(await denials()).toBe(2);
    });

    it('can keep its reasons to itself', async () => {
      await start({ reasons: false });
      const { body } = await ask(QUERY);
      expect(body).toMatchObject({ errors: [{ extensions: { code: REFUSED } }, {}] });
      expect(JSON.stringify(body)).not.toMatch(/reason|blog\.post\.read/);
    });

    it('can tell in extensions, leaving other errors where they are', async () => {
      await start({ errors: 'extensions' });
      expect(await ask('{ hello secret }')).toEqual({
        status: 200,
        body: {
          data: { hello: 'Hello, world', secret: null },
          extensions: { authorization: { errors: [refusal('secret')] } },
        },
      });
      router.away.add('blog');
      expect((await ask('{ hello secret }')).body).toMatchObject({
        errors: [{ path: ['hello'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
        extensions: { authorization: { errors: [{ path: ['secret'] }] } },
      });
    });

    it('takes scopes as a text or a list', async () => {
      await start({});
      for (const scope of ['read all', ['all', 'read']]) {
        const client = router.client.withToken(await router.issuer.token({ claims: { scope } }));
        expect(await client.data('{ scoped }')).toEqual({ scoped: 'in scope' });
      }
      const client = router.client.withToken(await router.issuer.token({ claims: { scope: 'read' } }));
      const { errors } = await client.request('{ scoped }');
      expect(errors[0]?.extensions.reason).toEqual({
        directive: 'requiresScopes',
        coordinate: 'Query.scoped',
        missing: [['all']],
      });
    });
  });

  describe('that rejects', () => {
    it('runs nothing of an operation of which anything is refused', async () => {
      await start({ mode: 'reject' });
      expect(await ask(QUERY)).toEqual({
        status: 403,
        body: { data: null, errors: [refusal('mine'), refusal('again')] },
      });
      expect(router.calls.blog).toBe(0);
      expect(await denials()).toBe(2);
    });

    it('answers what is permitted, and what is skipped is not refused', async () => {
      await start({ mode: 'reject' });
      expect(await ask('{ hello secret @skip(if: true) }')).toEqual({
        status: 200,
        body: { data: { hello: 'Hello, world' } },
      });
    });

    it('says that it cannot decide, where nothing else is refused', async () => {
      await start({ mode: 'reject' });
      router.away.add('authz');
      expect(await ask(QUERY)).toMatchObject({
        status: 503,
        body: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
      });
      expect((await ask('{ secret scoped }')).body).toMatchObject({
        errors: [{ path: ['scoped'], extensions: { code: REFUSED } }],
      });
      expect(router.calls.blog).toBe(0);
      expect(await denials()).toBe(1);
    });

    it('can tell in extensions', async () => {
      await start({ mode: 'reject', errors: 'extensions', reasons: false });
      expect(await ask('{ secret }')).toEqual({
        status: 403,
        body: {
          data: null,
          extensions: {
            authorization: {
              errors: [{ message: 'Unauthorized field or type', path: ['secret'], extensions: { code: REFUSED } }],
            },
          },
        },
      });
    });
  });

  describe('that only reports', () => {
    it('answers everything, and tells what would have been refused', async () => {
      await start({ mode: 'report-only' });
      expect(await ask(QUERY)).toEqual({
        status: 200,
        body: {
          data: { hi: 'Hello, world', mine: 'for readers', again: 'for readers' },
          extensions: { authorization: { errors: [refusal('mine'), refusal('again')] } },
        },
      });
      expect(await denials()).toBe(2);
    });

    it('says nothing where nothing would be refused, or nobody can say it', async () => {
      await start({ mode: 'report-only' });
      router.away.add('authz');
      expect((await ask(QUERY)).body).not.toHaveProperty('extensions');
      router.away.clear();
      expect((await ask('{ hello }')).body).toEqual({ data: { hello: 'Hello, world' } });
    });
  });

  describe('of introspection', () => {
    const FIELDS = '{ __schema { queryType { fields { name } } } }';
    const fieldNames = (data: { __schema: { queryType: { fields: { name: string }[] } } }): string[] =>
      data.__schema.queryType.fields.map(({ name }) => name);

    it('shows a caller what they may use, from the moment on that they may', async () => {
      await start({});
      expect(fieldNames(await router.client.data(FIELDS))).not.toContain('secret');
      router.permissions = ['blog.post.read'];
      await router.changeRoles();
      expect(fieldNames(await router.client.data(FIELDS))).toContain('secret');
      expect(fieldNames(await router.client.data(FIELDS))).not.toContain('me');
    });

    it('shows everyone everything where that is configured', async () => {
      await start({ filterIntrospection: false });
      expect(fieldNames(await router.client.data(FIELDS))).toEqual(expect.arrayContaining(['secret', 'me', 'scoped']));
    });
  });
});
