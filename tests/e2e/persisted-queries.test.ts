import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { parse } from 'graphql';
import { EmbeddedPlatform } from './embedded-platform.js';
import { mailedToken } from './session.js';

/** The main journey's operations, by name. */
const OPERATIONS: Record<string, string> = {
  Register: 'mutation Register($input: RegisterInput!) { register(input: $input) { accepted __typename } }',
  VerifyEmail: 'mutation VerifyEmail($token: String!) { verifyEmail(token: $token) }',
  Login: `mutation Login($input: LoginInput!) {
    login(input: $input) { __typename ... on AuthPayload { accessToken refreshToken user { id __typename } __typename } }
  }`,
  CreatePost: 'mutation CreatePost($input: CreatePostInput!) { createPost(input: $input) { id status __typename } }',
  PublishPost: 'mutation PublishPost($id: ID!) { publishPost(id: $id) { id status __typename } }',
  Post: 'query Post($id: ID!) { post(id: $id) { id title author { id displayName __typename } __typename } }',
  Me: 'query Me { me { id email __typename } }',
  Logout: 'mutation Logout($token: String!) { logout(refreshToken: $token) }',
};
const UNLISTED = 'query Unlisted { me { id __typename } }';

const manifest = {
  format: 'apollo-persisted-query-manifest' as const,
  version: 1 as const,
  operations: Object.entries(OPERATIONS).map(([name, body]) => ({
    id: `id-of-${name}`,
    name,
    type: body.startsWith('query') ? ('query' as const) : ('mutation' as const),
    body,
  })),
};

interface Answered {
  // biome-ignore lint/suspicious/noExplicitAny: answers are of many shapes
  readonly data: any;
  readonly codes: unknown[];
}

/** What a frontend does: sends an operation of its own, as the bearer of a token. */
type Send = (document: string, variables: Record<string, unknown>, token?: string) => Promise<Answered>;

const codesOf = (errors: readonly { extensions?: Record<string, unknown> }[] = []): unknown[] =>
  errors.map(({ extensions }) => extensions?.code);

const bearer = (token?: string): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {});

const apollo =
  (url: string): Send =>
  async (document, variables, token) => {
    // It is CommonJS that requires Apollo Client's modules, which have to be there by then.
    const { generatePersistedQueryIdsFromManifest } = await import('@apollo/persisted-query-lists');
    const persisted = new PersistedQueryLink(
      generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest }),
    );
    const link = persisted.concat(new HttpLink({ uri: `${url}/graphql`, headers: bearer(token) }));
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const options = { variables, errorPolicy: 'all' as const };
    try {
      const { data, error } = document.startsWith('query')
        ? await client.query({ query: parse(document), ...options })
        : await client.mutate({ mutation: parse(document), ...options });
      return { data, codes: codesOf((error as { errors?: never } | undefined)?.errors) };
    } finally {
      client.stop();
    }
  };

const urql =
  (url: string): Send =>
  async (document, variables, token) => {
    const client = new Client({
      url: `${url}/graphql`,
      exchanges: [
        persistedExchange({
          generateHash: async (query) => `id-of-${/(?:query|mutation) (\w+)/.exec(query)?.[1]}`,
          enforcePersistedQueries: true,
          enableForMutation: true,
          preferGetForPersistedQueries: true,
        }),
        fetchExchange,
      ],
      preferGetMethod: false,
      fetchOptions: { headers: { ...bearer(token), 'apollo-require-preflight': 'true' } },
    });
    const { data, error } = document.startsWith('query')
      ? await client.query(document, variables).toPromise()
      : await client.mutation(document, variables).toPromise();
    return { data, codes: codesOf(error?.graphQLErrors) };
  };

describe('a platform that answers listed operations by their id alone', () => {
  let platform: EmbeddedPlatform;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifest-'));
    const file = join(folder, 'manifest.json');
    await writeFile(file, JSON.stringify(manifest));
    platform = await EmbeddedPlatform.start({
      set: ['router.persistedQueries.mode=safelist-by-id', `router.persistedQueries.manifests=["${file}"]`],
    });
  });
  afterAll(async () => {
    await platform?.stop();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['@apollo/client', apollo],
    ['urql', urql],
  ])(
    'is used by %s for the main journey',
    async (name, clientOf) => {
      const send = clientOf(platform.url);
      const email = `ada@${name.replace(/\W/g, '')}.example`;
      const password = 'analytical engine 1843';
      const run = async (operation: string, variables: Record<string, unknown>, token?: string) => {
        const { data, codes } = await send(OPERATIONS[operation] ?? operation, variables, token);
        expect(codes).toEqual([]);
        return data;
      };
      await run('Register', { input: { email, password, firstName: 'Ada', lastName: 'Lovelace' } });
      await run('VerifyEmail', { token: await mailedToken(platform.url, email, '/verify-email') });
      const { login } = await run('Login', { input: { email, password } });
      const { accessToken, refreshToken } = login;
      const input = { title: 'Notes on the engine', content: 'It weaves algebraic patterns.' };
      const { createPost } = await run('CreatePost', { input }, accessToken);
      await run('PublishPost', { id: createPost.id }, accessToken);
      const { post } = await run('Post', { id: createPost.id });
      expect(post).toMatchObject({ title: 'Notes on the engine', author: { displayName: 'Ada Lovelace' } });
      expect((await run('Me', {}, accessToken)).me).toMatchObject({ email });
      expect((await run('Logout', { token: refreshToken })).logout).toBe(true);
    },
    60_000,
  );

  it('answers nothing that is not listed', async () => {
    expect((await urql(platform.url)(UNLISTED, {})).codes).toEqual(['PERSISTED_QUERY_NOT_IN_LIST']);
    expect(await platform.anonymous.codes(OPERATIONS.Me ?? '')).toEqual(['PERSISTED_QUERY_ID_REQUIRED']);
  });
});
