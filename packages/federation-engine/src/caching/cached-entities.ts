import { parseJson } from '@platform/foundation/json';
import { type DataObject, isDataObject } from '../base/data.js';
import type { SubgraphErrorEntry, SubgraphResponse } from '../base/endpoint.js';
import { SubgraphFailure } from '../base/errors.js';
import type { EntityBatch } from '../fetching/entity-batch.js';
import type { EntitySelection, FetchResult } from '../fetching/fetches.js';
import type { SharedResult } from '../fetching/request-deduplicator.js';
import type { EntityRequest, EntityRequests } from '../plan/entity-requests.js';
import { digest, framed } from './cache-key.js';
import type { FetchPolicy } from './fetch-policy.js';
import type { RequestCache } from './request-cache.js';
import type { CacheEntry, CacheWrite, Lookup, LookupResult } from './response-cache.js';
import { ttlOf } from './response-ttl.js';

/** One selection of `_entities`, and what is known of each of its entities. */
interface Selection {
  readonly batch: EntityBatch;
  readonly alias: string;
  readonly policy: FetchPolicy;
  readonly texts: readonly string[];
  /** By the index of the representation; undefined where an entity is not looked for. */
  readonly found: readonly (CacheEntry | undefined)[];
  /** Indexes of those that have to be fetched. */
  readonly missing: readonly number[];
}

/** Fetches of entities: each is kept by itself, and only those that are not there are asked for. */
export class CachedEntities {
  constructor(private readonly scope: RequestCache) {}

  /** Rejects with SubgraphFailure or OperationAborted. */
  async fetch(
    requests: EntityRequests,
    request: EntityRequest,
    batches: readonly EntityBatch[],
  ): Promise<SharedResult<SubgraphResponse>> {
    const lookedFor = batches.some(({ selectionGroup }) => this.scope.policyOf(selectionGroup.fetch).isCacheable);
    if (!lookedFor) return this.uncached(requests, request, batches);
    const selections = await this.find(requests.subgraph, request, batches);
    const wanting = selections.filter(({ missing }) => missing.length > 0);
    const complete =
      wanting.length === selections.length && wanting.every(({ missing, texts }) => missing.length === texts.length);
    if (complete) {
      const called = await this.scope.calls.entities(requests, request, batches);
      this.store(selections, request.aliases, called);
      return called;
    }
    const data: DataObject = {};
    for (const selection of selections) data[selection.alias] = this.kept(requests, selection);
    if (wanting.length === 0) return { value: { data }, shared: false };
    return this.completed(requests, wanting, data);
  }

  private async uncached(
    requests: EntityRequests,
    request: EntityRequest,
    batches: readonly EntityBatch[],
  ): Promise<SharedResult<SubgraphResponse>> {
    const called = await this.scope.calls.entities(requests, request, batches);
    batches.forEach(({ selectionGroup, count }, at) => {
      this.count(
        this.scope.policyOf(selectionGroup.fetch),
        called.value,
        listAt(called.value, request.aliases[at], count),
      );
    });
    return called;
  }

  private async find(
    subgraph: string,
    { aliases }: EntityRequest,
    batches: readonly EntityBatch[],
  ): Promise<readonly Selection[]> {
    const pending = await Promise.all(batches.map((batch) => this.lookups(subgraph, batch)));
    const lookups = pending.flatMap((each) => each.filter((lookup) => lookup !== undefined));
    const found = lookups.length > 0 ? await this.scope.answers.find(lookups) : [];
    const byLookup = new Map(found.map((each) => [each.lookup, each]));
    return batches.map((batch, index) => {
      const of = (pending[index] ?? []).map((lookup) => lookup && byLookup.get(lookup));
      const missing = batch.texts.flatMap((_, at) => (of[at]?.text === undefined ? at : []));
      this.observe(subgraph, of, missing.length);
      const policy = this.scope.policyOf(batch.selectionGroup.fetch);
      return { batch, alias: aliases[index] as string, policy, texts: batch.texts, found: of, missing };
    });
  }

  private async lookups(subgraph: string, batch: EntityBatch): Promise<(Lookup | undefined)[]> {
    const { fetch } = batch.selectionGroup;
    const policy = this.scope.policyOf(fetch);
    if (!policy.isCacheable) return [];
    const place = await this.scope.placeOf(subgraph, policy);
    const variables = this.scope.request.variables;
    const used = fetch.variables.map((name) => (variables[name] === undefined ? [name] : [name, variables[name]]));
    const prefix = digest(framed([place.prefix, JSON.stringify(used), JSON.stringify(batch.contextArguments ?? null)]));
    const common = [...policy.hints.tags, ...place.tags];
    return batch.texts.map((text) => {
      const tags = policy.tagsEntities ? policy.entityTags(parseJson(text) as DataObject, common) : common;
      return tags && { key: digest(prefix + text), tags };
    });
  }

  private observe(subgraph: string, found: readonly (CacheEntry | undefined)[], missing: number): void {
    if (found.length > 0) this.scope.answers.observer?.fetched(subgraph, 'entity', resultOf(found, missing));
  }

  /** The entities that are there, in their places; the others are null. What is out of date among them is renewed meanwhile. */
  private kept(requests: EntityRequests, selection: Selection): (DataObject | null)[] {
    const { found, texts, policy } = selection;
    const stale: { readonly found: CacheEntry; readonly text: string }[] = [];
    const { calls, freshness } = this.scope;
    const entities = texts.map((text, index) => {
      const each = found[index];
      if (each?.text === undefined) return null;
      calls.spend(requests.subgraph, each.text.length);
      freshness.add(each.fresh, policy.isForEverybody);
      if (each.fresh <= 0) stale.push({ found: each, text });
      return parseJson(each.text) as DataObject;
    });
    this.scope.answers.renewing(stale, async (due) => {
      const request = requests.request([selection.batch.selectionGroup]);
      const asked = selectionOf(
        selection.batch,
        due.map(({ text }) => text),
      );
      const variables = calls.variables(request.template, [asked], request.representations);
      const value = await calls.again(requests.subgraph, request.template, variables);
      const fresh = listAt(value, request.aliases[0], due.length);
      if (fresh)
        this.keep(
          policy,
          due.map((each) => each.found),
          fresh,
          value,
        );
    });
    return entities;
  }

  /** Asks for what is missing, and puts it beside what was there: that is not lost when the subgraph fails. */
  private async completed(
    requests: EntityRequests,
    wanting: readonly Selection[],
    data: DataObject,
  ): Promise<SharedResult<SubgraphResponse>> {
    const request = requests.request(wanting.map(({ batch }) => batch.selectionGroup));
    const asked = wanting.map(({ batch, texts, missing }) =>
      selectionOf(
        batch,
        missing.map((index) => texts[index] as string),
      ),
    );
    let called: FetchResult;
    try {
      called = await this.scope.calls.entities(requests, request, asked);
    } catch (error) {
      if (!(error instanceof SubgraphFailure)) throw error;
      const { message, extensions } = error;
      return { value: { data, errors: errorsAt(wanting, { message, extensions: { ...extensions } }) }, shared: false };
    }
    this.store(wanting, request.aliases, called);
    const { value, shared } = called;
    wanting.forEach(({ alias, missing }, at) => {
      const fetched = listAt(value, request.aliases[at], missing.length);
      const whole = data[alias] as unknown[];
      if (fetched) for (const [position, index] of missing.entries()) whole[index] = fetched[position];
      else if (!value.errors?.length) data[alias] = undefined;
    });
    const errors = value.errors?.flatMap((error) => moved(error, wanting, request.aliases, !value.data));
    return { value: { ...value, data, errors }, shared };
  }

  /** What has been fetched counts for how long the answer holds, and is kept where this call had asked for it. */
  private store(selections: readonly Selection[], aliases: readonly string[], { value, own }: FetchResult): void {
    selections.forEach(({ policy, found, missing }, at) => {
      const entities = listAt(value, aliases[at], missing.length);
      this.count(policy, value, entities);
      if (own && entities)
        this.keep(
          policy,
          missing.map((index) => found[index]),
          entities,
          value,
        );
    });
  }

  /** How long the answer holds by what has been fetched for it: what is not there may come into being at any time. */
  private count(policy: FetchPolicy, response: SubgraphResponse, entities: readonly unknown[] | undefined): void {
    const { fresh } = ttlOf(policy, response);
    this.scope.freshness.add(entities?.every(isDataObject) ? fresh : 0, policy.isForEverybody);
  }

  /** Each entity by itself, but for those that are not there. */
  private keep(
    policy: FetchPolicy,
    found: readonly (CacheEntry | undefined)[],
    entities: readonly unknown[],
    response: SubgraphResponse,
  ): void {
    const ttl = ttlOf(policy, response);
    if (ttl.fresh <= 0) return;
    const answers = found.flatMap((each, index): CacheWrite[] =>
      each && isDataObject(entities[index]) ? [{ found: each, text: JSON.stringify(entities[index]), ttl }] : [],
    );
    this.scope.answers.keep(answers);
  }
}

function resultOf(found: readonly (CacheEntry | undefined)[], missing: number): LookupResult {
  if (found.every((each) => each && !each.versions)) return 'away';
  if (missing > 0) return missing === found.length ? 'miss' : 'partial';
  return found.some((each) => each && each.fresh <= 0) ? 'stale' : 'hit';
}

const selectionOf = ({ contextArguments }: EntityBatch, texts: readonly string[]): EntitySelection => ({
  representations: `[${texts.join()}]`,
  contextArguments,
});

function listAt({ data }: SubgraphResponse, alias: string | undefined, length: number): unknown[] | undefined {
  const list = alias === undefined ? undefined : data?.[alias];
  return Array.isArray(list) && list.length === length ? list : undefined;
}

/** One error for each entity that was asked for. */
const errorsAt = (wanting: readonly Selection[], error: SubgraphErrorEntry): SubgraphErrorEntry[] =>
  wanting.flatMap(({ alias, missing, batch }) =>
    missing.map((index) => {
      const [key, ...others] = batch.selectionGroup.fetch.responseKeys;
      return { ...error, path: key !== undefined && others.length === 0 ? [alias, index, key] : [alias, index] };
    }),
  );

/** An error of the smaller request, where it stands in the whole. */
function moved(
  error: SubgraphErrorEntry,
  wanting: readonly Selection[],
  aliases: readonly string[],
  nothing: boolean,
): SubgraphErrorEntry[] {
  const [alias, index, ...rest] = Array.isArray(error.path) ? error.path : [];
  const selection = wanting[aliases.indexOf(String(alias))];
  if (!selection) return nothing ? errorsAt(wanting, error) : [error];
  const at = typeof index === 'number' ? selection.missing[index] : undefined;
  if (at === undefined) return errorsAt([selection], error);
  return [{ ...error, path: [selection.alias, at, ...rest] }];
}
