import type { DataObject } from '../plan/data.js';
import type { EntityRequests, EntitySlot } from '../plan/entity-requests.js';
import type { EntityFetchNode } from '../plan/fetch-nodes.js';
import { ancestriesAt, type FlattenPath, objectsAt } from '../plan/flatten.js';
import type { Representations } from '../plan/representations.js';

/** The objects at one path that wait for entities, each beside the index of its representation. */
export interface WaitingObjects {
  readonly path: FlattenPath;
  readonly objects: DataObject[];
  readonly indexes: number[];
  /** Indexes by what the entities at this path are told apart by. */
  readonly byKeys: KeyTree;
}

/** What one selection of `_entities` asks for: every representation once, and who waits for which. */
export class EntityBatch {
  readonly waiting: WaitingObjects[] = [];
  /** Different representations. */
  count = 0;
  private json = '';
  private readonly known = new Map<string, number>();
  private readonly keys: unknown[] = [];

  constructor(
    readonly slot: EntitySlot,
    readonly contextArguments?: Readonly<Record<string, unknown>>,
  ) {}

  /** The representations as JSON text. */
  get representations(): string {
    return `[${this.json}]`;
  }

  /** Each of them, in the order of their indexes. */
  get texts(): readonly string[] {
    return [...this.known.keys()];
  }

  /** More objects wait than there are representations: an entity goes to more than one place. */
  get repeats(): boolean {
    return this.waiting.length > 1 || (this.waiting[0]?.objects.length ?? 0) > this.count;
  }

  /** False for an object that this cannot ask for, because it lacks something required. */
  add(object: DataObject, source: Representations, waiting: WaitingObjects): boolean {
    const index = this.indexOf(object, source, waiting.byKeys);
    if (index === undefined) return false;
    waiting.objects.push(object);
    waiting.indexes.push(index);
    return true;
  }

  /** Takes what it can of the objects at the source's path; answers the others. */
  take(objects: readonly DataObject[], { fetch, representations }: EntityFetchNode): DataObject[] {
    const waiting = nobodyAt(fetch.path);
    const others = objects.filter((object) => !this.add(object, representations, waiting));
    if (waiting.objects.length > 0) this.waiting.push(waiting);
    return others;
  }

  /** Entities are mostly told apart by a few scalars, without making text of each. */
  private indexOf(object: DataObject, source: Representations, byKeys: KeyTree): number | undefined {
    const { keys } = this;
    if (!source.keysOf(object, keys)) return this.indexOfText(source.textOf(object));
    let tree = byKeys;
    const last = keys.length - 1;
    for (let at = 0; at < last; at++) {
      let next = tree.get(keys[at]);
      if (typeof next !== 'object') {
        next = new Map();
        tree.set(keys[at], next);
      }
      tree = next;
    }
    const known = tree.get(keys[last]);
    if (typeof known === 'number') return known;
    const index = this.indexOfText(source.textOf(object));
    if (index !== undefined) tree.set(keys[last], index);
    return index;
  }

  private indexOfText(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    let index = this.known.get(text);
    if (index === undefined) {
      index = this.count++;
      this.known.set(text, index);
      this.json += index === 0 ? text : `,${text}`;
    }
    return index;
  }
}

/** Indexes of representations by their scalars, one level for each. */
type KeyTree = Map<unknown, KeyTree | number>;

const nobodyAt = (path: FlattenPath): WaitingObjects => ({ path, objects: [], indexes: [], byKeys: new Map() });

/** What a step needs now. Objects that lack something required are asked for with those fields that do not need it. */
export function entityBatches(
  requests: EntityRequests,
  data: DataObject,
  repeated: ReadonlyMap<unknown, unknown>,
): EntityBatch[] {
  const batches = new Map<EntitySlot, EntityBatch>();
  const batchOf = (slot: EntitySlot): EntityBatch => {
    const batch = batches.get(slot) ?? new EntityBatch(slot);
    batches.set(slot, batch);
    return batch;
  };
  for (const slot of requests.slots) {
    for (const source of slot.sources) {
      const others = batchOf(slot).take(objectsAt(data, source.fetch.path, repeated), source);
      if (others.length === 0) continue;
      for (const part of source.parts) {
        const partSlot = requests.slotOf(part);
        if (partSlot) batchOf(partSlot).take(others, part);
      }
    }
  }
  return [...batches.values()].filter(({ count }) => count > 0);
}

/** What a fetch with context arguments needs now: a request per set of arguments. */
export function contextualBatches(slot: EntitySlot, source: EntityFetchNode, data: DataObject): EntityBatch[] {
  const batches = new Map<string, { batch: EntityBatch; waiting: WaitingObjects }>();
  for (const entity of ancestriesAt(data, source.fetch.path)) {
    const values = source.contexts?.of(entity);
    const key = JSON.stringify(values);
    let known = batches.get(key);
    if (!known) {
      known = { batch: new EntityBatch(slot, values), waiting: nobodyAt(source.fetch.path) };
      known.batch.waiting.push(known.waiting);
      batches.set(key, known);
    }
    known.batch.add(entity.object, source.representations, known.waiting);
  }
  return [...batches.values()].flatMap(({ batch }) => (batch.count > 0 ? [batch] : []));
}
