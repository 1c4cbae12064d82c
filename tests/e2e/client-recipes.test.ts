import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gql } from '@apollo/client';
import { projectRoot } from '@platform/foundation/config';
import { describeWithRedis, eventually } from '@platform/testkit';
import { WebSocket } from 'ws';
import { DistributedPlatform } from './distributed-platform.js';
import { apolloClient, urqlClient } from './recipes/clients.js';
import { lastingSocket } from './recipes/lasting-socket.js';
import type { Session } from './session.js';

const CREATE = 'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id } }';
const PUBLISHED = 'subscription { postPublished { title } }';

const textOf = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');

describe('the recipes for clients', () => {
  it.each([
    ['fetch-again.ts', 'docs/api.md'],
    ['lasting-socket.ts', 'docs/subscriptions.md'],
  ])('%s is in %s as it is run here', (recipe, document) => {
    expect(textOf(document)).toContain(`\`\`\`ts\n${textOf(`tests/e2e/recipes/${recipe}`)}\`\`\``);
  });
});

describeWithRedis('clients that follow the recipes, at a router that is killed and started again', (redisUrl) => {
  let platform: DistributedPlatform;
  let admin: Session;

  beforeAll(async () => {
    platform = await DistributedPlatform.start(redisUrl);
    admin = await platform.signInAsAdministrator();
  }, 300_000);
  afterAll(() => platform?.stop());

  const crashed = async (meanwhile: () => void = () => {}): Promise<void> => {
    await platform.process('second router').end('SIGKILL');
    meanwhile();
    await platform.run('router', 'second router');
  };
  const titled = async (title: string): Promise<number> => {
    const { posts } = await admin.client.data(
      'query ($title: String!) { posts(first: 50, filter: { status: DRAFT, search: $title }) { nodes { title } } }',
      { title },
    );
    return posts.nodes.filter((post: { title: string }) => post.title === title).length;
  };

  it('have their mutations carried out once', async () => {
    const url = `${platform.url('second router')}/graphql`;
    const headers = { authorization: `Bearer ${admin.accessToken}` };
    const apollo = apolloClient(url);
    const urql = urqlClient(url);
    const sent: Promise<unknown>[] = [];
    await crashed(() => {
      const mutation = gql(CREATE);
      sent.push(
        apollo.mutate({ mutation, variables: { title: 'apollo' }, context: { headers } }),
        urql.mutation(CREATE, { title: 'urql' }, { fetchOptions: { headers } }).toPromise(),
      );
    });
    for (const answer of await Promise.all(sent)) expect(answer).toMatchObject({ data: { createPost: {} } });
    expect([await titled('apollo'), await titled('urql')]).toEqual([1, 1]);
    apollo.stop();
  });

  it('have all of their subscriptions again', async () => {
    const clients = Array.from({ length: 50 }, () =>
      lastingSocket({
        url: `${platform.url('second router').replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${admin.accessToken}` },
      }),
    );
    const received = clients.map(() => new Set<string>());
    const failures: unknown[] = [];
    const ends = clients.map((client, index) =>
      client.subscribe<{ postPublished: { title: string } }>(
        { query: PUBLISHED },
        {
          next: ({ data }) => data && received[index]?.add(data.postPublished.title),
          error: (failure) => failures.push(failure),
          complete: () => {},
        },
      ),
    );
    const everyoneHears = (title: string) =>
      eventually(
        async () => {
          const { createPost } = await admin.client.data(CREATE, { title });
          await admin.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });
          expect(received.filter((titles) => !titles.has(title))).toEqual([]);
        },
        { timeout: 90_000, interval: 500 },
      );
    await everyoneHears('before');
    await crashed();
    await everyoneHears('after');
    expect(failures).toEqual([]);
    for (const end of ends) end();
    await Promise.all(clients.map((client) => client.dispose()));
  }, 240_000);
});
