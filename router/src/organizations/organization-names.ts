import { NO_ORGANIZATION } from '@platform/auth';
import { Coalescer } from '@platform/foundation/coalesce';
import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';

/** The id of the active organization of this slug or id; null for any other. Rejects when that cannot be found out. */
export type FindOrganization = (name: string) => Promise<string | null>;

interface FoundOrganization {
  readonly id: string | null;
  /** The version of the organization that was read before it was found; undefined before there was an id to read it by. */
  readonly stamp: string | undefined;
}

/** How long a name is taken to be that of an organization, or of none: a new one is found that late. One that ends is found out at once. */
const LIFETIME_MS = 10_000;

/** What names may weigh, in bytes: those of organizations, and as many that clients made up, which push out none of the former. */
const MAX_BYTES = 4 * 1024 * 1024;

const cacheOfNames = () =>
  new WeightedCache<FoundOrganization>({
    bytes: MAX_BYTES,
    weigh: ({ id, stamp }) => bytesOfText(id ?? '') + bytesOfText(stamp ?? ''),
    lifetime: LIFETIME_MS,
  });

/**
 * Which organization a name is of. The version of an organization is read by its id: so what a name was last is looked up first, and
 * then whether it still is.
 */
export class OrganizationNames {
  private readonly known = cacheOfNames();
  private readonly unknown = cacheOfNames();
  private readonly finding = new Coalescer<string | null>();

  constructor(private readonly ask: FindOrganization) {}

  /** The id that was found last; null for the name of no organization. Rejects as `ask`. */
  async last(name: string): Promise<string | null> {
    if (name === NO_ORGANIZATION) return null;
    const found = this.known.get(name) ?? this.unknown.get(name);
    return found ? found.id : this.finding.run(name, () => this.lookUp(name, undefined));
  }

  /** The id that it has now. @param stamp the version of the id that was found last; null where it cannot be read. Rejects as `ask`. */
  async current(name: string, last: string, stamp: string | null): Promise<string | null> {
    const found = this.known.get(name);
    if (stamp === null) return this.lookUp(name, undefined);
    if (found?.id === last && found.stamp === stamp) return last;
    return this.finding.run(`${name} ${last} ${stamp}`, () => this.lookUp(name, { id: last, stamp }));
  }

  private async lookUp(name: string, last: FoundOrganization | undefined): Promise<string | null> {
    const id = await this.ask(name);
    const [cache, other] = id === null ? [this.unknown, this.known] : [this.known, this.unknown];
    cache.set(name, { id, stamp: id === last?.id ? last?.stamp : undefined });
    other.delete(name);
    return id;
  }
}
