import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OperatorError } from '@platform/foundation/errors';
import { type OutboundAnswer, outboundRequest } from '@platform/foundation/outbound';
import { anyOf, type KindName, kindOf, paragraph, type Sender, WORDS } from './kinds.js';
import type { Outcome } from './tally.js';

/** What keeps a load test from beginning. */
export class LoadTestImpossible extends OperatorError {}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

interface Sent {
  readonly outcome: Outcome;
  readonly code?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
type Data = any;

const PAGE = 100;
/** Posts that are written at a time. */
const WRITERS = 8;
/** How long a client waits for its answer, in ms, and how much of one it reads, in bytes. */
const BOUNDS = { timeout: 60_000, maxBytes: 16 * 1024 * 1024 };
/** How long a mail may take, in tries of a tenth of a second. */
const MAIL = 300;
const REFUSALS = new Set([429, 503]);

/** A running platform, as its clients see it. */
export class Target {
  private posts: readonly string[] = [];
  private senders: readonly Sender[] = [];

  /** @param url without /graphql. */
  constructor(private readonly url: string) {}

  /** Signs everybody in; again before access tokens expire. @throws LoadTestImpossible */
  async signIn(people: readonly Credentials[]): Promise<void> {
    const signedIn: Sender[] = [];
    for (const { email, password } of people) {
      const { login } = await this.data(LOGIN, { input: { email, password } });
      signedIn.push({ email, password, accessToken: login.accessToken });
    }
    this.senders = signedIn;
  }

  /** A new user with a verified address. Works where the mailbox can be read over HTTP: in development. @throws LoadTestImpossible */
  async signUp(): Promise<Credentials> {
    const name = randomBytes(6).toString('hex');
    const person = { email: `load-${name}@example.com`, password: randomBytes(18).toString('base64url') };
    await this.data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', { input: person });
    for (let tried = 0; tried < MAIL; tried += 1) {
      const token = await this.mailedToken(person.email);
      if (token === undefined) await wait(100);
      else {
        await this.data('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
        return person;
      }
    }
    throw new LoadTestImpossible('The mail to the new user does not come. Name users with --users.');
  }

  /** Writes what is missing of so many published posts. @throws LoadTestImpossible */
  async fill(count: number): Promise<void> {
    const posts = await this.published(count);
    while (posts.length < count) {
      const some = Math.min(WRITERS, count - posts.length);
      posts.push(...(await Promise.all(Array.from({ length: some }, () => this.write()))));
    }
    this.posts = posts;
  }

  /** Sends one operation and tells what became of it. */
  async send(name: KindName): Promise<Sent> {
    const kind = kindOf(name);
    const sender = anyOf(this.senders);
    try {
      const { status, text } = await this.post(kind.ask(sender, this.posts), kind.signedIn ? sender : undefined);
      if (status === 200 && !text.includes('"errors":[{')) return { outcome: 'admitted' };
      return { outcome: REFUSALS.has(status) ? 'refused' : 'failed', code: codeOf(text) ?? `HTTP ${status}` };
    } catch (error) {
      return { outcome: 'failed', code: (error as { code?: string }).code ?? String(error) };
    }
  }

  /** The value of each sample of the process's metrics, by name; nothing where they cannot be read. */
  async samples(): Promise<ReadonlyMap<string, number>> {
    try {
      const { text } = await outboundRequest(`${this.url}/metrics`, BOUNDS);
      const lines = text.split('\n').map((line) => line.split(' '));
      return new Map(lines.map(([name = '', value]) => [name, Number(value)]));
    } catch {
      return new Map();
    }
  }

  private async published(most: number): Promise<string[]> {
    const ids: string[] = [];
    for (let after: string | null = null; ids.length < most; ) {
      const { posts } = await this.data(LISTED, { first: Math.min(PAGE, most - ids.length), after });
      ids.push(...posts.nodes.map(({ id }: { id: string }) => id));
      if (!posts.pageInfo.hasNextPage) break;
      after = posts.pageInfo.endCursor;
    }
    return ids;
  }

  private async write(): Promise<string> {
    const author = anyOf(this.senders);
    const input = { title: paragraph(6), content: paragraph(150), tags: [anyOf(WORDS)] };
    const { createPost } = await this.data(
      'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
      { input },
      author,
    );
    await this.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id }, author);
    return createPost.id;
  }

  private async mailedToken(to: string): Promise<string | undefined> {
    const mailbox = `${this.url}/dev/mailbox.json?to=${encodeURIComponent(to)}`;
    const { ok, text } = await outboundRequest(mailbox, BOUNDS);
    if (!ok) throw new LoadTestImpossible('There is no mailbox to read. Name users with --users.');
    const links = (JSON.parse(text) as { links: string[] }[]).flatMap((mail) => mail.links);
    const link = links.map((each) => new URL(each)).find(({ pathname }) => pathname.endsWith('/verify-email'));
    return link?.searchParams.get('token') ?? undefined;
  }

  private async data(query: string, variables: Record<string, unknown>, sender?: Sender): Promise<Data> {
    const { status, text } = await this.post({ query, variables }, sender).catch((cause: Error) => {
      throw new LoadTestImpossible(`${this.url} does not answer: ${cause.message}`, { cause });
    });
    const code = codeOf(text);
    if (status !== 200 || code !== undefined) {
      throw new LoadTestImpossible(`${this.url} refuses what prepares the load: ${code ?? `HTTP ${status}`}`);
    }
    return JSON.parse(text).data;
  }

  /** Over as many connections as there are operations under way: clients do not wait for each other. */
  private post(asked: object, sender?: Sender): Promise<OutboundAnswer> {
    return outboundRequest(`${this.url}/graphql`, {
      ...BOUNDS,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...(sender && { authorization: `Bearer ${sender.accessToken}` }),
      },
      body: JSON.stringify(asked),
    });
  }
}

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { ... on AuthPayload { accessToken } } }';
const LISTED = `query ($first: Int!, $after: String) {
  posts(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}`;

/** The code of an answer's first error. */
const codeOf = (text: string): string | undefined =>
  text.includes('"errors":[{') ? (/"code":"(\w+)"/.exec(text)?.[1] ?? 'UNCODED') : undefined;
