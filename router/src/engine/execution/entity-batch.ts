import type { EntityFetchNode } from '../plan/compiled-plan.js';
import type { DataObject } from '../plan/data.js';
import type { EntitySlot } from '../plan/entity-requests.js';
import { ancestriesAt, type FlattenPath, objectsAt } from '../plan/flatten.js';
import { type Representations, representationKey } from '../plan/representations.js';

/** The objects at one path that wait for entities: object in the data to the index of its representation. */
export interface WaitingObjects {
  readonly path: FlattenPath;
  readonly indexes: Map<DataObject, number>;
}

/** What one selection of `_entities` asks for: every representation once, and who waits for which. */
export class EntityBatch {
  readonly waiting: WaitingObjects[] = [];
  /** Different representations. */
  count = 0;
  private json = '';
  private readonly indexes = new Map<string, number>();

  constructor(
    readonly slot: EntitySlot,
    readonly contextArguments?: Readonly<Record<string, unknown>>,
  ) {}

  /** The representations as JSON text. */
  get representations(): string {
    return `[${this.json}]`;
  }

  /** More objects wait than there are representations: an entity goes to more than one place. */
  get repeats(): boolean {
    return this.waiting.length > 1 || (this.waiting[0]?.indexes.size ?? 0) > this.count;
  }

  at(path: FlattenPath): WaitingObjects['indexes'] {
    const indexes = new Map<DataObject, number>();
    this.waiting.push({ path, indexes });
    return indexes;
  }

  add(object: DataObject, source: Representations, waiting: WaitingObjects['indexes']): void {
    if (waiting.has(object)) return;
    const representation = source.of(object);
    if (!representation) return;
    const key = representationKey(representation);
    let index = this.indexes.get(key);
    if (index === undefined) {
      index = this.count++;
      this.indexes.set(key, index);
      this.json += index === 0 ? JSON.stringify(representation) : `,${JSON.stringify(representation)}`;
    }
    waiting.set(object, index);
  }
}

/** What a slot needs now; undefined when no entity waits for it. */
export function entityBatch(
  slot: EntitySlot,
  data: DataObject,
  repeated: ReadonlyMap<unknown, unknown>,
): EntityBatch | undefined {
  const batch = new EntityBatch(slot);
  for (const { fetch, representations } of slot.sources) {
    const waiting = batch.at(fetch.path);
    for (const object of objectsAt(data, fetch.path, repeated)) batch.add(object, representations, waiting);
    if (waiting.size === 0) batch.waiting.pop();
  }
  return batch.count > 0 ? batch : undefined;
}

/** What a fetch with context arguments needs now: a request per set of arguments. */
export function contextualBatches(slot: EntitySlot, source: EntityFetchNode, data: DataObject): EntityBatch[] {
  const batches = new Map<string, { batch: EntityBatch; waiting: WaitingObjects['indexes'] }>();
  for (const entity of ancestriesAt(data, source.fetch.path)) {
    const values = source.contexts?.of(entity);
    const key = JSON.stringify(values);
    let known = batches.get(key);
    if (!known) {
      const batch = new EntityBatch(slot, values);
      known = { batch, waiting: batch.at(source.fetch.path) };
      batches.set(key, known);
    }
    known.batch.add(entity.object, source.representations, known.waiting);
  }
  return [...batches.values()].flatMap(({ batch }) => (batch.count > 0 ? [batch] : []));
}
