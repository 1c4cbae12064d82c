import { randomBytes } from 'node:crypto';
import type { Ttl } from './fetch-policy.js';
import type { ResponseCacheStore } from './response-cache-store.js';

/** One answer that may be there: what it is kept under, and the tags that make it out of date. */
export interface Lookup {
  readonly key: string;
  readonly tags: readonly string[];
}

/** What was there. `versions` are those of the tags at that time; undefined where nothing can be kept now. */
export interface CacheEntry {
  readonly lookup: Lookup;
  readonly versions: Versions | undefined;
  /** JSON, while it may be used. */
  readonly text: string | undefined;
  /** For how long it is still fresh, in ms; not above 0 for an answer that is to be fetched anew. */
  readonly fresh: number;
}

/** The version of each tag; null for one that could not get any. */
type Versions = ReadonlyMap<string, string | null>;

/** An answer to keep, with the versions that its tags had before it was asked for. */
export interface CacheWrite {
  readonly found: CacheEntry;
  readonly text: string;
  readonly ttl: Ttl;
}

/** What came of looking a fetch up; partial: some of its entities were there; away: the store could not be asked. */
export type LookupResult = 'hit' | 'partial' | 'miss' | 'stale' | 'away';

type TagKind = 'everything' | 'subgraph' | 'type' | 'caller' | 'tag';

/** What is heard of the cache by whoever measures it. */
export interface CacheObserver {
  fetched(subgraph: string, kind: 'root' | 'entity', result: LookupResult): void;
  invalidated(kind: TagKind): void;
}

export interface ResponseCacheOptions {
  readonly observer?: CacheObserver;
  /** Longer answers are not kept, in characters. */
  readonly longestText: number;
  /** In ms since the epoch. */
  readonly now?: () => number;
}

/** Versions outlive every answer that was kept under them; one that is lost costs what was kept, and nothing else. */
const VERSION_TTL = 2 * 24 * 60 * 60 * 1000;

/**
 * Answers of subgraphs under keys, each valid for as long as none of its tags has a new version. An answer is kept with
 * the versions from before it was asked for: what was invalidated meanwhile is never found again.
 */
export class ResponseCache {
  private readonly now: () => number;
  private readonly renewed = new Set<string>();

  constructor(
    private readonly store: ResponseCacheStore,
    private readonly options: ResponseCacheOptions,
  ) {
    this.now = options.now ?? Date.now;
  }

  get observer(): CacheObserver | undefined {
    return this.options.observer;
  }

  /** In the order of the lookups. Never rejects. */
  async find(lookups: readonly Lookup[]): Promise<readonly CacheEntry[]> {
    const tags = [...new Set(lookups.flatMap((lookup) => lookup.tags))];
    const texts = await this.store.read([...tags.map(tagKey), ...lookups.map(({ key }) => answerKey(key))]);
    if (!texts) return lookups.map((lookup) => ({ lookup, versions: undefined, text: undefined, fresh: 0 }));
    const versions = await this.withFirstVersions(new Map(tags.map((tag, index) => [tag, texts[index] ?? null])));
    const now = this.now();
    return lookups.map((lookup, index) => {
      const kept = decode(texts[tags.length + index] ?? null);
      const valid = kept !== undefined && kept.until > now && kept.versions === versionsOf(lookup, versions);
      return valid
        ? { lookup, versions, text: kept.text, fresh: kept.freshUntil - now }
        : { lookup, versions, text: undefined, fresh: 0 };
    });
  }

  /** Goes on by itself: nobody waits for it. */
  keep(answers: readonly CacheWrite[]): void {
    const worth = answers.filter(
      ({ text, ttl, found }) => ttl.fresh > 0 && found.versions && text.length <= this.options.longestText,
    );
    if (worth.length > 0) void this.write(worth);
  }

  /** What carries one of the tags is not found any more, also what is being fetched now. Rejects when the store is away. */
  async invalidate(tags: readonly string[]): Promise<void> {
    if (tags.length === 0) return;
    await this.store.replace(tags.map(tagKey), newVersion(), VERSION_TTL);
    for (const tag of tags) this.observer?.invalidated(kindOf(tag));
  }

  /** Renews what is out of date, once at a time for each. @param renew fetches and keeps those that it is given. */
  renewing<T extends { readonly found: CacheEntry }>(
    stale: readonly T[],
    renew: (due: readonly T[]) => Promise<void>,
  ): void {
    const due = stale.filter(({ found }) => !this.renewed.has(found.lookup.key));
    if (due.length === 0) return;
    for (const { found } of due) this.renewed.add(found.lookup.key);
    const settled = () => {
      for (const { found } of due) this.renewed.delete(found.lookup.key);
    };
    renew(due).then(settled, settled);
  }

  private async write(answers: readonly CacheWrite[]): Promise<void> {
    const now = this.now();
    const entries = answers.flatMap(({ found, text, ttl: { fresh, stale } }) => {
      const versions = versionsOf(found.lookup, found.versions);
      if (versions === undefined) return [];
      const encoded = encode({ freshUntil: now + fresh, until: now + fresh + stale, versions, text });
      return { key: answerKey(found.lookup.key), text: encoded, ttl: fresh + stale };
    });
    if (entries.length > 0) await this.store.write(entries);
  }

  /** Gives a first version to tags without one, before anything is fetched under them: those who ask at the same time find the same. */
  private async withFirstVersions(versions: Versions): Promise<Versions> {
    const missing = [...versions.keys()].filter((tag) => versions.get(tag) === null);
    if (missing.length === 0) return versions;
    const version = newVersion();
    const claimed = await this.store.claim(missing.map(tagKey), version, VERSION_TTL);
    const others = missing.filter((_, index) => !claimed[index]);
    const texts = others.length > 0 ? await this.store.read(others.map(tagKey)) : [];
    return new Map([
      ...versions,
      ...missing.map((tag) => [tag, version] as const),
      ...others.map((tag, index) => [tag, texts?.[index] ?? null] as const),
    ]);
  }
}

const answerKey = (key: string): string => `answer:${key}`;
const tagKey = (tag: string): string => `tag:${tag}`;

const newVersion = (): string => randomBytes(9).toString('base64url');

function kindOf(tag: string): TagKind {
  const [kind = ''] = tag.split(':', 1);
  return kind === 'everything' || kind === 'subgraph' || kind === 'type' || kind === 'caller' ? kind : 'tag';
}

/** Undefined where a tag has no version. */
function versionsOf({ tags }: Lookup, versions: Versions | undefined): string | undefined {
  let text = '';
  for (const tag of tags) {
    const version = versions?.get(tag);
    if (version === null || version === undefined) return undefined;
    text += version;
  }
  return text;
}

interface Envelope {
  readonly freshUntil: number;
  readonly until: number;
  readonly versions: string;
  readonly text: string;
}

const encode = ({ freshUntil, until, versions, text }: Envelope): string =>
  `${freshUntil} ${until} ${versions} ${text}`;

function decode(encoded: string | null): Envelope | undefined {
  const [, freshUntil, until, versions = ''] = /^(\d+) (\d+) ([\w-]*) /.exec(encoded ?? '') ?? [];
  if (encoded === null || freshUntil === undefined || until === undefined) return undefined;
  const text = encoded.slice(freshUntil.length + until.length + versions.length + 3);
  return { freshUntil: Number(freshUntil), until: Number(until), versions, text };
}
