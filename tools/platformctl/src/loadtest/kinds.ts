import { randomInt } from 'node:crypto';

/** Whom an operation is sent as, and where it finds what it asks for. */
export interface Sender {
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
}

interface Asked {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** One kind of operation of a load. */
interface Kind {
  /** Whether it is sent with the sender's access token. */
  readonly signedIn: boolean;
  /** What is asked. No two are alike, so that none is answered along with another. @param posts ids of posts that are there. */
  ask(sender: Sender, posts: readonly string[]): Asked;
}

/** Words of the posts that a load test writes, and searches for. */
export const WORDS = ['harbour', 'lantern', 'meadow', 'orchard', 'pebble', 'quarry', 'ribbon', 'saddle', 'thicket'];

export const anyOf = <T>(values: readonly T[]): T => values[randomInt(values.length)] as T;

/** Text of a length such as people write. */
export const paragraph = (words: number): string => Array.from({ length: words }, () => anyOf(WORDS)).join(' ');

/** Lengths of excerpts: so many that operations which run at the same time seldom have the same. */
const length = (): number => randomInt(100, 600);

export const KINDS = {
  feed: {
    signedIn: true,
    ask: () => ({
      query: `query LoadFeed($first: Int!, $length: Int!) {
        posts(first: $first) { nodes {
          id title excerpt(length: $length) publishedAt
          author { id displayName } tags { name } comments(first: 3) { nodes { id body } }
        } }
      }`,
      variables: { first: randomInt(18, 23), length: length() },
    }),
  },
  post: {
    signedIn: false,
    ask: (_sender, posts) => ({
      query: `query LoadPost($id: ID!, $length: Int!) {
        post(id: $id) { id title content excerpt(length: $length) author { id displayName } tags { name } }
      }`,
      variables: { id: anyOf(posts), length: length() },
    }),
  },
  search: {
    signedIn: false,
    ask: () => ({
      query: `query LoadSearch($search: String!, $length: Int!) {
        posts(first: 10, filter: { search: $search }) { nodes { id title excerpt(length: $length) } }
      }`,
      variables: { search: `${anyOf(WORDS)} ${anyOf(WORDS)}`, length: length() },
    }),
  },
  document: {
    signedIn: false,
    ask: (_sender, posts) => ({
      query: `query LoadDocument($id: ID!) { post(id: $id) { id title_${randomInt(1e12)}: title } }`,
      variables: { id: anyOf(posts) },
    }),
  },
  login: {
    signedIn: false,
    ask: ({ email, password }) => ({
      query: `mutation LoadLogin($input: LoginInput!) {
        login(input: $input) { ... on AuthPayload { accessToken } }
      }`,
      variables: { input: { email, password } },
    }),
  },
  createPost: {
    signedIn: true,
    ask: () => ({
      query: 'mutation LoadCreatePost($input: CreatePostInput!) { createPost(input: $input) { id } }',
      variables: { input: { title: paragraph(6), content: paragraph(150), tags: [anyOf(WORDS)] } },
    }),
  },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** How much of a load is of each kind, by weight. */
export type Mix = ReadonlyMap<KindName, number>;

export const kindOf = (name: KindName): Kind => KINDS[name];

/** Reads `feed=50,post=30`. Undefined when it is no such text, or nothing has a weight. */
export function readMix(text: string): Mix | undefined {
  const mix = new Map<KindName, number>();
  for (const part of text.split(',')) {
    const [name = '', weight = ''] = part.split('=').map((side) => side.trim());
    if (!Object.hasOwn(KINDS, name) || !/^\d+(\.\d+)?$/.test(weight)) return undefined;
    mix.set(name as KindName, Number(weight));
  }
  return [...mix.values()].some((weight) => weight > 0) ? mix : undefined;
}

/** One of the mix, by chance. */
export function drawn(mix: Mix): KindName {
  let left = Math.random() * [...mix.values()].reduce((sum, weight) => sum + weight, 0);
  for (const [name, weight] of mix) {
    left -= weight;
    if (left < 0) return name;
  }
  return [...mix.keys()].at(-1) as KindName;
}
