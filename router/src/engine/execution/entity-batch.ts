import type { EntityFetchNode } from '../plan/compiled-plan.js';
import type { DataObject } from '../plan/data.js';
import { ancestriesAt, objectsAt } from '../plan/flatten.js';
import { type Representations, representationKey } from '../plan/representations.js';

/** What one request to `_entities` asks for: every representation once, and who waits for which. */
export class EntityBatch {
  readonly representations: DataObject[] = [];
  /** Object in the data to the index of its representation. */
  readonly waiting = new Map<DataObject, number>();
  private readonly indexes = new Map<string, number>();

  constructor(readonly contextArguments: Readonly<Record<string, unknown>> | undefined) {}

  add(object: DataObject, source: Representations): void {
    if (this.waiting.has(object)) return;
    const representation = source.of(object);
    if (!representation) return;
    const key = representationKey(representation);
    let index = this.indexes.get(key);
    if (index === undefined) {
      index = this.representations.push(representation) - 1;
      this.indexes.set(key, index);
    }
    this.waiting.set(object, index);
  }
}

/** The requests an entity fetch needs now: none without entities, one as a rule, one per set of context arguments. */
export function entityBatches({ fetch, representations, contexts }: EntityFetchNode, data: DataObject): EntityBatch[] {
  const batches = new Map<string, EntityBatch>();
  if (contexts) {
    for (const entity of ancestriesAt(data, fetch.path)) {
      const values = contexts.of(entity);
      const key = JSON.stringify(values);
      const batch = batches.get(key) ?? new EntityBatch(values);
      batches.set(key, batch);
      batch.add(entity.object, representations);
    }
  } else {
    const batch = new EntityBatch(undefined);
    for (const object of objectsAt(data, fetch.path)) batch.add(object, representations);
    batches.set('', batch);
  }
  return [...batches.values()].filter((batch) => batch.representations.length > 0);
}
