import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from '../e2e/session.js';
import type { Ledger } from './ledger.js';

/** Posts of one client, each of which a request writes or edits. More would not be answered in time where a machine is busy. */
const POSTS = 10;
const NAMES = Array.from({ length: POSTS }, (_, index) => `p${index}`);

const variables = (type: string): string => NAMES.map((name) => `$${name}: ${type}`).join(', ');
const fields = (of: (name: string) => string): string => NAMES.map((name) => `${name}: ${of(name)}`).join(' ');

/** Two texts for everything, so that the router plans each once: the machine is to be busy with events. */
const WRITE = `mutation Write(${variables('CreatePostInput!')}) { ${fields((name) => `createPost(input: $${name}) { id version }`)} }`;
const EDIT = `mutation Edit(${variables('ID!')}, ${NAMES.map((name) => `$${name}Edit: UpdatePostInput!`).join(', ')}) {
  ${fields((name) => `updatePost(id: $${name}, input: $${name}Edit) { id version }`)}
}`;

/** One client that writes posts and edits them again and again, and notes in the ledger what it was answered. A post of whose state it is not sure it leaves alone. */
export class MutationDriver {
  private readonly open = new Map<string, number>();
  private session: Session | undefined;

  constructor(
    private readonly signIn: () => Promise<Session>,
    private readonly ledger: Ledger,
  ) {}

  async drive(goesOn: () => boolean, mayHurry: () => boolean): Promise<void> {
    while (goesOn()) {
      if (!mayHurry()) await wait(200);
      else if (!(await this.round().catch(() => false))) {
        this.open.clear();
        await wait(250);
      }
    }
  }

  /** False when a part of it was not acknowledged. */
  private round(): Promise<boolean> {
    return this.open.size < POSTS ? this.write() : this.edit();
  }

  private write(): Promise<boolean> {
    this.open.clear();
    return this.change(
      WRITE,
      NAMES.map((name) => [name, { title: `Chaos ${crypto.randomUUID()}`, content: 'x' }]),
    );
  }

  private edit(): Promise<boolean> {
    const posts = [...this.open].map(([id, version], index): [string, unknown][] => [
      [NAMES[index] as string, id],
      [`${NAMES[index]}Edit`, { version, content: `v${version}` }],
    ]);
    return this.change(EDIT, posts.flat());
  }

  private async change(mutation: string, given: readonly (readonly [string, unknown])[]): Promise<boolean> {
    this.session ??= await this.signIn();
    const { data, errors } = await this.session.client.request(mutation, Object.fromEntries(given));
    for (const post of Object.values(data ?? {})) if (post) this.acknowledge(post as { id: string; version: number });
    // Access tokens live shorter than the long run.
    if (errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')) this.session = undefined;
    return errors.length === 0;
  }

  private acknowledge({ id, version }: { id: string; version: number }): void {
    this.open.set(id, version);
    this.ledger.acknowledge(id, version);
  }
}
