import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';
import { combinedDocument } from './combined-document.js';
import type { CompiledFetch, EntityFetchNode } from './fetch-nodes.js';
import { RequestTemplate } from './request-template.js';

/** Selections of `_entities` that one request makes, each for the entities of one or more places. */
export interface EntitySelectionGroup {
  /** What all of the sources select alike. */
  readonly fetch: CompiledFetch;
  readonly sources: readonly EntityFetchNode[];
}

/** A request for some of the groups; the answer to the n-th of them is under the n-th alias. */
export interface EntityRequest {
  readonly template: RequestTemplate;
  readonly aliases: readonly string[];
  /** The variables that take the representations. */
  readonly representations: readonly string[];
}

/** What a step keeps of documents for combinations of its groups: so many times what all of them take. */
const KEPT_COMBINATIONS = 8;

/** Entity fetches to one subgraph in one step of a plan: one request with as many aliases of `_entities` as needed. */
export class EntityRequests {
  readonly subgraph: string;
  readonly selectionGroups: readonly EntitySelectionGroup[];
  /** Of the fetches that deferred parts wait for. */
  readonly ids: readonly string[];
  /** The group of each part of a source. */
  private readonly partGroups = new Map<EntityFetchNode, EntitySelectionGroup>();
  private readonly all: readonly EntitySelectionGroup[];
  private readonly known: WeightedCache<EntityRequest>;

  constructor(nodes: readonly [EntityFetchNode, ...EntityFetchNode[]]) {
    this.subgraph = nodes[0].fetch.subgraph;
    this.ids = nodes.flatMap(({ fetch }) => fetch.id ?? []);
    this.selectionGroups = selectionGroupsOf(nodes);
    for (const selectionGroup of selectionGroupsOf(nodes.flatMap(({ parts }) => parts))) {
      for (const part of selectionGroup.sources) this.partGroups.set(part, selectionGroup);
    }
    const texts = nodes.reduce((sum, { fetch }) => sum + bytesOfText(fetch.query), 0);
    this.known = new WeightedCache({
      bytes: 10_000 + KEPT_COMBINATIONS * texts,
      weigh: ({ template }) => bytesOfText(template.query),
    });
    this.all = [...this.selectionGroups, ...new Set(this.partGroups.values())];
  }

  groupOf(part: EntityFetchNode): EntitySelectionGroup | undefined {
    return this.partGroups.get(part);
  }

  /** The request for the groups that have entities to ask for: at least one of them. */
  request(selectionGroups: readonly EntitySelectionGroup[]): EntityRequest {
    const key = selectionGroups.map((selectionGroup) => this.all.indexOf(selectionGroup)).join();
    const known = this.known.get(key);
    if (known) return known;
    const request = compile(selectionGroups.map(({ fetch }) => fetch));
    this.known.set(key, request);
    return request;
  }
}

function selectionGroupsOf(nodes: readonly EntityFetchNode[]): EntitySelectionGroup[] {
  const bySignature = Map.groupBy(nodes, ({ fetch }) => fetch.signature);
  return [...bySignature.values()].flatMap((sources) => (sources[0] ? { fetch: sources[0].fetch, sources } : []));
}

function compile(fetches: readonly CompiledFetch[]): EntityRequest {
  const [first] = fetches;
  if (first && fetches.length === 1) {
    return { template: new RequestTemplate(first), aliases: ['_entities'], representations: ['representations'] };
  }
  const { query, aliases, representations } = combinedDocument(fetches.map((fetch) => fetch.query));
  const template = new RequestTemplate({
    query,
    operationName: first?.operationName,
    variables: [...new Set(fetches.flatMap((fetch) => fetch.variables))],
    isPublic: fetches.every((fetch) => fetch.isPublic),
    exactFields: [...new Set(fetches.flatMap((fetch) => fetch.exactFields))],
  });
  return { template, aliases, representations };
}
