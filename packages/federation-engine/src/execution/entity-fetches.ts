import { type DataObject, isDataObject } from '../base/data.js';
import type { SubgraphResponse } from '../base/endpoint.js';
import { type SubgraphFailure, SubgraphInvalidResponse } from '../base/errors.js';
import { contextualBatches, type EntityBatch, entityBatches } from '../fetching/entity-batch.js';
import type { Fetches } from '../fetching/fetches.js';
import { subgraphFailure } from '../fetching/subgraph-calls.js';
import type { EntitiesNode } from '../plan/compiled-plan.js';
import type { EntityRequest, EntityRequests } from '../plan/entity-requests.js';
import { clone, isNested } from './clone.js';
import type { ErrorReport } from './error-report.js';
import type { SharedData } from './shared-data.js';

/** Fetches `_entities` for the objects of the data that wait for them. */
export class EntityFetches {
  constructor(
    private readonly calls: Fetches,
    private readonly data: SharedData,
    private readonly report: ErrorReport,
    private readonly onFailure: ((failure: SubgraphFailure) => void) | undefined,
  ) {}

  /** Undefined when no object waits. Rejects only with OperationAborted. */
  fetch({ requests }: EntitiesNode): Promise<unknown> | undefined {
    const [selectionGroup] = requests.selectionGroups;
    const [source] = selectionGroup?.sources ?? [];
    if (selectionGroup && source?.contexts) {
      const request = requests.request([selectionGroup]);
      const calls = contextualBatches(selectionGroup, source, this.data.root).map((batch) =>
        this.fetchBatches(requests, request, [batch]),
      );
      return calls.length > 0 ? Promise.all(calls) : undefined;
    }
    const batches = entityBatches(requests, this.data.root, this.data.repeated);
    if (batches.length === 0) return undefined;
    const request = requests.request(batches.map((batch) => batch.selectionGroup));
    return this.fetchBatches(requests, request, batches);
  }

  private async fetchBatches(
    requests: EntityRequests,
    request: EntityRequest,
    batches: readonly EntityBatch[],
  ): Promise<void> {
    const { subgraph } = requests;
    const { aliases } = request;
    try {
      const { value: response, shared } = await this.calls.entities(requests, request, batches);
      if (response.errors?.length) this.carry(subgraph, response, batches, aliases);
      for (let index = 0; index < batches.length; index++) {
        this.settle(subgraph, response, batches[index] as EntityBatch, aliases[index] as string, shared);
      }
    } catch (error) {
      const failure = subgraphFailure(error);
      for (const batch of batches) this.report.failure(failure, this.report.entityPlaces(batch));
    }
  }

  private carry(
    subgraph: string,
    { data, errors = [] }: SubgraphResponse,
    batches: readonly EntityBatch[],
    aliases: readonly string[],
  ): void {
    this.report.carry(subgraph, errors, (path) => {
      const batch = path && batches[aliases.indexOf(String(path[0]))];
      if (path && batch) return this.report.entityPaths(batch, path);
      return data && !path ? [undefined] : batches.flatMap((each) => this.report.entityPlaces(each));
    });
  }

  /** Gives the entities of one alias to those that wait for them; an alias that is answered wrongly fails alone. */
  private settle(
    subgraph: string,
    { data, errors }: SubgraphResponse,
    batch: EntityBatch,
    alias: string,
    shared: boolean,
  ): void {
    const entities = data?.[alias];
    if ((entities === undefined || entities === null) && errors?.length) return;
    const fault = validateEntities(entities, batch.count);
    if (fault) {
      this.invalid(subgraph, fault, batch);
      return;
    }
    this.attach(subgraph, batch, entities as unknown[], shared);
  }

  /** @param index of the representation that it is about; without it, all of them. */
  private invalid(subgraph: string, fault: string, batch: EntityBatch, index?: number): void {
    const failure = new SubgraphInvalidResponse(subgraph, fault);
    this.onFailure?.(failure);
    this.report.failure(failure, this.report.entityPlaces(batch, index));
  }

  /** Each place has objects of its own: what is fetched for them later may differ between places. */
  private attach(subgraph: string, batch: EntityBatch, answered: readonly unknown[], shared: boolean): void {
    const { rewriteOutput } = batch.selectionGroup.fetch;
    const { entities, faulty, sayTypes } = readEntities(answered);
    const copied = shared || batch.targets.length > 1 ? entities.some(isNested) : false;
    let given = shared && (copied || rewriteOutput) ? clone(entities) : entities;
    rewriteOutput?.(given);
    batch.targets.forEach(({ objects, indexes }, place) => {
      if (place > 0 && copied) given = clone(given);
      if (batch.repeats) this.data.noteRepeated(given);
      for (let at = 0; at < objects.length; at++) {
        const index = indexes[at] as number;
        const entity = given[index];
        if (!entity) continue;
        const object = objects[at] as DataObject;
        const fault = sayTypes ? this.data.validateEntityType(object, entity) : undefined;
        if (fault === undefined) this.data.merge(object, entity);
        else faulty.set(index, fault);
      }
    });
    for (const [index, fault] of faulty) this.invalid(subgraph, fault, batch, index);
  }
}

interface ReadEntities {
  /** With null for what is none. */
  readonly entities: readonly (DataObject | null)[];
  /** What is wrong, by its index. */
  readonly faulty: Map<number, string>;
  /** Whether any says of which type it is. */
  readonly sayTypes: boolean;
}

/** Leaves the list itself alone: others may hold it too. */
function readEntities(answered: readonly unknown[]): ReadEntities {
  const faulty = new Map<number, string>();
  let sayTypes = false;
  for (let index = 0; index < answered.length; index++) {
    const entity = answered[index];
    if (isDataObject(entity)) sayTypes ||= entity['__typename'] !== undefined;
    else if (entity !== null) faulty.set(index, 'an entity that is no object');
  }
  const entities = faulty.size === 0 ? answered : answered.map((entity, index) => (faulty.has(index) ? null : entity));
  return { entities: entities as readonly (DataObject | null)[], faulty, sayTypes };
}

/** One entity, or null, for each representation. */
export function validateEntities(entities: unknown, expected: number): string | undefined {
  if (!Array.isArray(entities)) return '_entities that is no list';
  return entities.length === expected ? undefined : `${entities.length} entities for ${expected} representations`;
}
