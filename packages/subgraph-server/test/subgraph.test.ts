import { CallerTokenSigner, userCaller } from '@platform/auth';
import { type Admission, Overloaded } from '@platform/foundation/admission';
import { loadConfig, processSections } from '@platform/foundation/config';
import { CALLER_TOKEN_HEADER, NESTED_CALL_HEADER } from '@platform/subgraph-client/headers';
import type { SubgraphServer } from '@platform/subgraph-server/graphql';
import { type AnySubgraphDefinition } from '@platform/subgraph-server/subgraph';
import { useSubgraph } from '@platform/testkit';
import { fastify } from 'fastify';
import { shelf } from './shelf.js';

const ADA = '018f0000-0000-7000-8000-00000000000a';
const ENTITIES = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Book { title pages } } }';
const BOOK = { of: [{ __typename: 'Book', id: 'b1' }] };

describe('a subgraph', () => {
  const library = shelf();
  const subgraph = useSubgraph(library.definition as AnySubgraphDefinition);
  const reader = () => subgraph.asUser(ADA, ['blog.post.read']);

  afterEach(() => {
    subgraph.unexpected.length = 0;
    library.reads.length = 0;
  });

  describe('refuses by default', () => {
    it('a root field that no rule names', async () => {
      const error = await reader().error('{ forgotten }');
      expect(error).toMatchObject({ path: ['forgotten'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
    });

    it('a field that no rule names, of a type whose other fields are open', async () => {
      const { data, errors } = await reader().request('{ book(id: "b1") { title notes } }');
      expect(data).toEqual({ book: { title: 'One', notes: null } });
      expect(errors).toMatchObject([{ path: ['book', 'notes'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
    });

    it('every field of a type that no rule names', async () => {
      const { data, errors } = await reader().request('{ book(id: "b1") { owner { name } } }');
      expect(data).toEqual({ book: { owner: { name: null } } });
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
    });

    it('a guarded field that is reached through entities, and whoever lacks the permission', async () => {
      expect(await reader().data(ENTITIES, BOOK)).toEqual({ _entities: [{ title: 'One', pages: 100 }] });

      const { data, errors } = await subgraph.asUser(ADA).request(ENTITIES, BOOK);
      expect(data).toEqual({ _entities: [{ title: 'One', pages: null }] });
      expect(errors).toMatchObject([
        { path: ['_entities', 0, 'pages'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } },
      ]);
    });

    it('an entity type that no rule names', async () => {
      const { data, errors } = await reader().request(
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Owner { name } } }',
        { of: [{ __typename: 'Owner', id: 'o1' }] },
      );
      expect(data).toEqual({ _entities: [{ name: null }] });
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
    });
  });

  describe('answers only with a caller token', () => {
    const { callerToken, platform } = loadConfig(processSections, { environment: 'test' });
    const caller = userCaller(ADA, null, platform.tenantId, ['blog.post.read']);
    const refused = (token: string | undefined) =>
      expect(
        subgraph.endpoint.execute(
          { query: ENTITIES, variables: BOOK },
          { ...(token && { [CALLER_TOKEN_HEADER]: token }) },
        ),
      ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });

    it('and not without one', () => refused(undefined));

    it('and not with anything else', () => refused('not.a.token'));

    it('of its own name', async () => {
      const signer = new CallerTokenSigner(callerToken.privateKey, callerToken.lifetime);
      await refused(await signer.sign(caller, 'audit'));
    });

    it('of the platform’s own key', async () => {
      const { privateKey } = loadConfig(processSections, { environment: 'development', env: {} }).callerToken;
      await refused(await new CallerTokenSigner(privateKey, callerToken.lifetime).sign(caller, 'blog'));
    });
  });

  it('has no place for anybody beyond its limit, but for what is asked for an operation that has one', async () => {
    const { callerToken, platform } = loadConfig(processSections, { environment: 'test' });
    const caller = userCaller(ADA, null, platform.tenantId, ['blog.post.read']);
    const token = await new CallerTokenSigner(callerToken.privateKey, callerToken.lifetime).sign(caller, 'blog');
    const full: Pick<Admission, 'enter'> = { enter: () => Promise.reject(new Overloaded()) };
    const http = fastify();
    (subgraph.endpoint as SubgraphServer<object>).register(http, full as Admission);
    const ask = async (headers: Record<string, string>) => {
      const payload = { query: ENTITIES, variables: BOOK };
      const answer = await http.inject({
        method: 'POST',
        url: '/graphql',
        payload,
        headers: { [CALLER_TOKEN_HEADER]: token, ...headers },
      });
      return answer.json();
    };
    expect(await ask({})).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_BUSY' } }] });
    expect(await ask({ [NESTED_CALL_HEADER]: '1' })).toEqual({ data: { _entities: [{ title: 'One', pages: 100 }] } });
    await http.close();
  });

  it('reads what a list triggers in one statement, and nothing of one request reaches another', async () => {
    const query = '{ books { id next { title } } }';
    expect(await reader().data(query)).toEqual({
      books: [
        { id: 'b1', next: { title: 'Two' } },
        { id: 'b2', next: { title: 'Three' } },
        { id: 'b3', next: null },
      ],
    });
    expect(library.reads).toEqual([{ of: ADA, keys: ['b2', 'b3'] }]);

    await Promise.all([reader().data(query), subgraph.asUser('another').data(query)]);
    expect(
      library.reads
        .slice(1)
        .map(({ of }) => of)
        .sort(),
    ).toEqual([ADA, 'another']);
  });

  it('passes a coded error with its path and reports nothing', async () => {
    const error = await reader().error('mutation { lend(id: "b2") { id } }');
    expect(error).toMatchObject({ path: ['lend'], extensions: { code: 'CONFLICT', field: 'id' } });
    expect(subgraph.unexpected).toEqual([]);
  });

  it('masks what it did not expect, with the id of the request, and reports it once', async () => {
    const { callerToken, platform } = loadConfig(processSections, { environment: 'test' });
    const token = await new CallerTokenSigner(callerToken.privateKey, callerToken.lifetime).sign(
      userCaller(ADA, null, platform.tenantId, ['blog.post.read']),
      'blog',
    );
    const { data, errors } = await subgraph.endpoint.execute(
      { query: '{ broken books { id } }' },
      { [CALLER_TOKEN_HEADER]: token, 'x-request-id': 'r-1' },
    );

    expect(data).toMatchObject({ broken: null, books: [{ id: 'b1' }, { id: 'b2' }, { id: 'b3' }] });
    expect(errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['broken'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' },
      },
    ]);
    expect(subgraph.unexpected).toEqual([expect.objectContaining({ message: 'relation "shelf" does not exist' })]);
  });

  it.each([
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['query ($id: ID!) { book(id: $id) { id } }', 'BAD_USER_INPUT'],
  ])('refuses %s as the client’s mistake, not its own', async (query, code) => {
    expect((await reader().error(query)).extensions.code).toBe(code);
    expect(subgraph.unexpected).toEqual([]);
  });

  it('prints a schema that links just the directives it uses', () => {
    expect(subgraph.typeDefs).toMatch(/^extend schema @link\(url: "[^"]+", import: \["@key"\]\)/);
    expect(subgraph.typeDefs).toContain('type Book @key(fields: "id")');
  });
});
