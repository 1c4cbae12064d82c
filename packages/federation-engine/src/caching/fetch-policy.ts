import type { AuthorizationContext } from '../authorization/authorization-context.js';
import type { Rule } from '../schema/rule.js';
import type { CacheControl } from './cache-control.js';
import type { TagFormat } from './tag-format.js';

/** What configuration says of a subgraph's answers; times in ms. */
export interface SubgraphCaching {
  /** Whether they are kept. What clients are told of them is the same either way. */
  readonly enabled: boolean;
  /** Of fields that say nothing; null: such fields leave it to the header of the answer. */
  readonly maxAge: number | null;
  /** Of fields that say nothing. */
  readonly scope: 'private' | 'public';
  /** Nothing is kept for longer, whatever anyone says. */
  readonly maxTtl: number;
  /** For how long an answer that is not fresh any more is still given, while a fresh one is fetched. */
  readonly staleWhileRevalidate: number;
}

/** A root field of a fetch whose arguments make tags. */
export interface TaggedField {
  readonly formats: readonly TagFormat[];
  args(variables: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** What the schema says of everything that a fetch selects. */
export interface FetchHints {
  /** The shortest `maxAge` among its fields, in ms. */
  readonly shortest: number;
  /** No field leaves its age to the header of the answer. */
  readonly complete: boolean;
  /** Every field is declared to be the same for everybody. */
  readonly isPublic: boolean;
  /** The authorization rules of what it selects. */
  readonly rules: readonly Rule[];
  /** Tags that need no value: `type:Post`. */
  readonly tags: readonly string[];
  readonly tagged: readonly TaggedField[];
  /** Of the entities that it fetches, by type name. */
  readonly entityTags: ReadonlyMap<string, readonly TagFormat[]>;
}

/** For how long an answer may be used; ms. */
export interface Ttl {
  readonly fresh: number;
  readonly stale: number;
}

export const notCacheable: Ttl = { fresh: 0, stale: 0 };

/** Who may share an answer of one fetch: everybody with the same of the rights that matter, or nobody else. */
export type Sharing = { readonly kind: 'public'; readonly authorization: string } | { readonly kind: 'private' };

/** How answers to one fetch are kept. */
export class FetchPolicy {
  /** The last answer has not said in its header that it may be kept. */
  private uninvited = false;

  constructor(
    /** What the fetch asks for, whatever it is called. */
    readonly document: string,
    readonly hints: FetchHints,
    private readonly caching: SubgraphCaching,
  ) {}

  /** Whether looking for an answer can find one. */
  get isCacheable(): boolean {
    const { shortest, complete } = this.hints;
    return this.caching.enabled && shortest > 0 && (complete || !this.uninvited);
  }

  /** Everybody may have the same answer, whatever they are permitted. */
  get isForEverybody(): boolean {
    return this.hints.isPublic && this.hints.rules.length === 0;
  }

  /** @param told the header of the answer, if it has one: it can only shorten what the schema says. */
  ttl(told: CacheControl | undefined): Ttl {
    const { shortest, complete, isPublic } = this.hints;
    this.uninvited = told?.noStore || !told?.maxAge;
    if (told?.noStore || (told?.private && isPublic)) return notCacheable;
    if (told?.maxAge === undefined && !complete) return notCacheable;
    const fresh = Math.min(shortest, told?.maxAge ?? Number.POSITIVE_INFINITY, this.caching.maxTtl);
    if (fresh <= 0) return notCacheable;
    return { fresh, stale: told?.staleWhileRevalidate ?? this.caching.staleWhileRevalidate };
  }

  /** @param decided the policies that are known of the caller: where another one matters, the answer is nobody else's. */
  sharing(authorization: AuthorizationContext, decided: ReadonlySet<string>): Sharing {
    const { isPublic, rules } = this.hints;
    if (!isPublic) return { kind: 'private' };
    if (rules.length === 0) return { kind: 'public', authorization: '' };
    const held = new Set<string>();
    for (const { kind, anyOf } of rules) {
      if (kind === 'authenticated') {
        if (authorization.authenticated) held.add('authenticated');
        continue;
      }
      for (const name of anyOf.flat()) {
        if (kind === 'policy' && !decided.has(name)) return { kind: 'private' };
        if ((kind === 'policy' ? authorization.policies : authorization.scopes).has(name)) held.add(`${kind}:${name}`);
      }
    }
    return { kind: 'public', authorization: JSON.stringify([...held].sort()) };
  }

  /** Everything that makes an answer of root fields out of date; undefined where a tag cannot be told, and so nothing may be kept. */
  rootTags(variables: Readonly<Record<string, unknown>>): readonly string[] | undefined {
    const tags = [...this.hints.tags];
    for (const { formats, args } of this.hints.tagged) {
      if (!add(tags, formats, { args: args(variables) })) return undefined;
    }
    return tags;
  }

  /** The same of one entity, added to what it has in common with the others. */
  entityTags(
    representation: Readonly<Record<string, unknown>>,
    common: readonly string[],
  ): readonly string[] | undefined {
    const formats = this.hints.entityTags.get(String(representation['__typename']));
    if (!formats) return common;
    const tags = [...common];
    return add(tags, formats, { key: representation }) ? tags : undefined;
  }

  /** Whether the tags of an entity depend on which it is. */
  get tagsEntities(): boolean {
    return this.hints.entityTags.size > 0;
  }
}

function add(tags: string[], formats: readonly TagFormat[], source: object): boolean {
  for (const format of formats) {
    const tag = format(source);
    if (tag === undefined) return false;
    tags.push(tag);
  }
  return true;
}
