import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from '../e2e/session.js';

const POSTS = 10;

/** What the platform has acknowledged: by post, the versions that a mutation answered with. */
export type Ledger = Map<string, number[]>;

/** One client that writes posts and edits them again and again, and keeps a ledger of what it was answered. A post of whose state it is not sure it leaves alone. */
export class MutationDriver {
  private readonly open = new Map<string, number>();
  failures = 0;

  constructor(
    private readonly session: Session,
    private readonly ledger: Ledger,
  ) {}

  async drive(goesOn: () => boolean, mayHurry: () => boolean): Promise<void> {
    while (goesOn()) {
      if (!mayHurry()) await wait(200);
      else if (!(await this.round().catch(() => false))) {
        this.failures += 1;
        this.open.clear();
        await wait(250);
      }
    }
  }

  /** False when a part of it was not acknowledged. */
  private async round(): Promise<boolean> {
    return this.open.size < POSTS ? this.write() : this.edit();
  }

  private async write(): Promise<boolean> {
    const fields = Array.from(
      { length: POSTS },
      (_, index) => `p${index}: createPost(input: { title: "Chaos", content: "x" }) { id version }`,
    );
    return this.change(fields);
  }

  private async edit(): Promise<boolean> {
    const posts = [...this.open];
    const fields = posts.map(
      ([id, version], index) =>
        `p${index}: updatePost(id: "${id}", input: { version: ${version}, content: "v${version}" }) { id version }`,
    );
    return this.change(fields);
  }

  private async change(fields: readonly string[]): Promise<boolean> {
    const { data, errors } = await this.session.client.request(`mutation { ${fields.join(' ')} }`);
    for (const post of Object.values(data ?? {})) if (post) this.acknowledge(post as { id: string; version: number });
    return errors.length === 0;
  }

  private acknowledge({ id, version }: { id: string; version: number }): void {
    this.open.set(id, version);
    this.ledger.set(id, [...(this.ledger.get(id) ?? []), version]);
  }
}
