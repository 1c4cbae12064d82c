import type { DataObject } from '../base/data.js';
import type { EntityRequests, EntitySelectionGroup } from '../plan/entity-requests.js';
import type { EntityFetchNode } from '../plan/fetch-nodes.js';
import { ancestriesAt, type FlattenPath, objectsAt } from '../plan/flatten.js';
import type { Representations } from '../plan/representations.js';
import { ScalarIndex } from './scalar-index.js';

/** The objects at one path that wait for entities, each beside the index of its representation. */
export interface EntityTargets {
  readonly path: FlattenPath;
  readonly objects: readonly DataObject[];
  readonly indexes: readonly number[];
}

/** What one selection of `_entities` asks for: every representation once, and who waits for which. */
export class EntityBatch {
  readonly targets: EntityTargets[] = [];
  /** Different representations as JSON text, in the order of their indexes. */
  readonly texts: string[] = [];
  /** Their indexes, from when on scalars alone no longer tell them apart. */
  private known: Map<string, number> | undefined;

  constructor(
    readonly selectionGroup: EntitySelectionGroup,
    readonly contextArguments?: Readonly<Record<string, unknown>>,
  ) {}

  get count(): number {
    return this.texts.length;
  }

  /** The representations as JSON text. */
  get representations(): string {
    return `[${this.texts.join(',')}]`;
  }

  /** More objects wait than there are representations: an entity goes to more than one place. */
  get repeats(): boolean {
    return this.targets.length > 1 || (this.targets[0]?.objects.length ?? 0) > this.count;
  }

  /** Takes what it can of the objects at the source's path; answers those that lack something required. */
  collect(
    objects: readonly DataObject[],
    { fetch: { path }, representations }: EntityFetchNode,
  ): readonly DataObject[] {
    const byScalars = new ScalarIndex(representations);
    const indexes = new Array<number>(objects.length);
    let lacking = 0;
    for (let at = 0; at < objects.length; at++) {
      const index = this.indexOf(objects[at] as DataObject, representations, byScalars);
      indexes[at] = index ?? LACKING;
      if (index === undefined) lacking++;
    }
    if (lacking === objects.length) return objects;
    if (lacking === 0) {
      this.targets.push({ path, objects, indexes });
      return nobody;
    }
    const taken = (_: unknown, at: number) => indexes[at] !== LACKING;
    this.targets.push({ path, objects: objects.filter(taken), indexes: indexes.filter(taken) });
    return objects.filter((_, at) => indexes[at] === LACKING);
  }

  private indexOf(object: DataObject, source: Representations, byScalars: ScalarIndex): number | undefined {
    const known = byScalars.find(object);
    if (known !== undefined) return known;
    const text = source.textOf(object);
    if (text === undefined) return undefined;
    const isScalar = byScalars.tells(object);
    const isFirst = isScalar && this.targets.length === 0 && !this.known;
    const index = isFirst ? this.texts.push(text) - 1 : this.indexOfText(text);
    if (isScalar) byScalars.add(object, index);
    return index;
  }

  private indexOfText(text: string): number {
    this.known ??= new Map(this.texts.map((each, index) => [each, index]));
    let index = this.known.get(text);
    if (index === undefined) {
      index = this.texts.push(text) - 1;
      this.known.set(text, index);
    }
    return index;
  }
}

/** Instead of an index. */
const LACKING = -1;
const nobody: readonly DataObject[] = [];

/** What a step needs now. Objects that lack something required are asked for with those fields that do not need it. */
export function entityBatches(
  requests: EntityRequests,
  data: DataObject,
  repeated: ReadonlyMap<unknown, unknown>,
): EntityBatch[] {
  const batches = new Map<EntitySelectionGroup, EntityBatch>();
  const batchOf = (selectionGroup: EntitySelectionGroup): EntityBatch => {
    const batch = batches.get(selectionGroup) ?? new EntityBatch(selectionGroup);
    batches.set(selectionGroup, batch);
    return batch;
  };
  for (const selectionGroup of requests.selectionGroups) {
    for (const source of selectionGroup.sources) {
      const others = batchOf(selectionGroup).collect(objectsAt(data, source.fetch.path, repeated), source);
      if (others.length === 0) continue;
      for (const part of source.parts) {
        const partGroup = requests.groupOf(part);
        if (partGroup) batchOf(partGroup).collect(others, part);
      }
    }
  }
  return [...batches.values()].filter(({ count }) => count > 0);
}

/** What a fetch with context arguments needs now: a request per set of arguments. */
export function contextualBatches(
  selectionGroup: EntitySelectionGroup,
  source: EntityFetchNode,
  data: DataObject,
): EntityBatch[] {
  const groups = new Map<string, { batch: EntityBatch; objects: DataObject[] }>();
  for (const entity of ancestriesAt(data, source.fetch.path)) {
    const values = source.contexts?.of(entity);
    const key = JSON.stringify(values);
    let group = groups.get(key);
    if (!group) {
      group = { batch: new EntityBatch(selectionGroup, values), objects: [] };
      groups.set(key, group);
    }
    group.objects.push(entity.object);
  }
  return [...groups.values()].flatMap(({ batch, objects }) => {
    batch.collect(objects, source);
    return batch.count > 0 ? [batch] : [];
  });
}
