import { describe, expect, it } from '@jest/globals';
import type { SubgraphResponse } from '@platform/federation-engine';
import { errorsOf } from './federation.js';
import { shop } from './shop.js';

const twoSelections = '{ me { reviews { id } } users { reviews { id body } } }';

const answers = {
  me: { reviews: [{ id: 'r1' }, { id: 'r2' }] },
  users: [
    {
      reviews: [
        { id: 'r1', body: 'Love it' },
        { id: 'r2', body: 'Too expensive' },
      ],
    },
    { reviews: [{ id: 'r3', body: 'Could be better' }] },
  ],
};

describe('entity fetches to one subgraph in one step', () => {
  it('travel in one request, each selection under an alias', async () => {
    const federation = shop();
    const { data } = await federation.run(twoSelections);

    expect(data).toEqual(answers);
    const [request, ...others] = federation.requestsTo('reviews');
    expect(others).toEqual([]);
    expect(request?.query).toMatch(/_0:_entities.*_1:_entities/);
  });

  it('ask once for what several places select alike', async () => {
    const federation = shop();
    const { data } = await federation.run('{ me { reviews { id } } users { reviews { id } } }');

    expect(data).toMatchObject({ me: { reviews: [{ id: 'r1' }, { id: 'r2' }] } });
    const [request, ...others] = federation.requestsTo('reviews');
    expect(others).toEqual([]);
    expect(request?.variables).toEqual({
      representations: [
        { __typename: 'User', id: 'u1' },
        { __typename: 'User', id: 'u2' },
      ],
    });
  });

  it('leave out the selection that no entity waits for', async () => {
    const federation = shop();
    const { data } = await federation.run('{ user(id: "none") { reviews { id } } users { reviews { id body } } }');

    expect(data).toEqual({ user: null, users: answers.users });
    expect(federation.requestsTo('reviews')[0]?.query).not.toContain('_0');
  });

  it('keep apart what later fetches bring to the same entity in different places', async () => {
    const { data } = await shop().run(`{
      me { reviews { author { nickname(style: "!") } } }
      user(id: "u1") { reviews { author { nickname(style: "?") } } }
    }`);

    expect(data).toEqual({
      me: { reviews: [{ author: { nickname: 'Ada!' } }, { author: { nickname: 'Ada!' } }] },
      user: { reviews: [{ author: { nickname: 'Ada?' } }, { author: { nickname: 'Ada?' } }] },
    });
  });

  it('take variables and fragments of the same name along', async () => {
    const query = `query($style: String) {
      latest { author { ...F } }
      products { reviews { author { ...F nickname(style: $style) } } }
    } fragment F on User { name }`;
    const { data, errors } = await shop().run(query, { variables: { style: '~' } });

    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      products: [{ reviews: [{ author: { name: 'Ada', nickname: 'Ada~' } }, {}] }, {}, {}],
    });
  });

  it.each([
    ['too few entities', (data: Record<string, unknown>) => ({ ...data, _1: [] })],
    ['no list', (data: Record<string, unknown>) => ({ ...data, _1: 'many' })],
    ['nothing', ({ _0 }: Record<string, unknown>) => ({ _0 })],
  ])('fail alone when an alias is answered with %s', async (_name, spoilt) => {
    const federation = shop();
    federation.intercepts.set('reviews', async (_request, next) => ({ data: spoilt((await next()).data ?? {}) }));
    const result = await federation.run(twoSelections);

    expect(result.data).toEqual({ me: answers.me, users: [{ reviews: null }, { reviews: null }] });
    expect(errorsOf(result)).toEqual([
      { code: 'SUBGRAPH_INVALID_RESPONSE', path: 'users.0.reviews' },
      { code: 'SUBGRAPH_INVALID_RESPONSE', path: 'users.1.reviews' },
    ]);
  });

  it('have errors at the places of their alias', async () => {
    const federation = shop();
    federation.intercepts.set('reviews', async (_request, next) => {
      const { data } = (await next()) as { data: Record<string, { reviews: unknown }[]> };
      const [, second] = data['_1'] ?? [];
      if (second) second.reviews = null;
      return { data, errors: [{ message: 'No', path: ['_1', 1, 'reviews'] }] } as SubgraphResponse;
    });
    const result = await federation.run(twoSelections);

    expect(result.data).toEqual({ ...answers, users: [answers.users[0], { reviews: null }] });
    expect(errorsOf(result)).toEqual([{ code: undefined, path: 'users.1.reviews' }]);
  });

  it('fail together when the request does', async () => {
    const federation = shop();
    federation.intercepts.set('reviews', () => Promise.reject(new Error('ECONNREFUSED')));
    const result = await federation.run(twoSelections);

    expect(result.data).toEqual({ me: { reviews: null }, users: [{ reviews: null }, { reviews: null }] });
    expect(new Set(errorsOf(result).map(({ code }) => code))).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']));
    expect(errorsOf(result).some(({ path }) => path === 'me.reviews')).toBe(true);
  });
});
