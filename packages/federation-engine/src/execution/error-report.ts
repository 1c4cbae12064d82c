import type { GraphQLFormattedError } from 'graphql';
import { type DataObject, isDataObject } from '../base/data.js';
import type { SubgraphErrorEntry } from '../base/endpoint.js';
import type { SubgraphFailure } from '../base/errors.js';
import type { EntityBatch } from '../fetching/entity-batch.js';
import type { CompiledFetch } from '../plan/fetch-nodes.js';
import { locationsAt } from '../plan/flatten.js';
import { clientPath } from '../projection/client-path.js';
import type { ObjectShape } from '../projection/shapes.js';

type Path = readonly (string | number)[];

interface ReportedError {
  readonly message: string;
  readonly path: Path | undefined;
  readonly extensions: Record<string, unknown>;
}

/** Collects what went wrong at subgraphs, with paths through the data; the client's paths are made at the end. */
export class ErrorReport {
  private readonly reported: ReportedError[] = [];
  /** Objects that wait for a batch stay where they are. */
  private readonly places = new WeakMap<EntityBatch, Map<number, Path[]>>();

  constructor(private readonly data: DataObject) {}

  /** A request that gave nothing: one error for every place that waited for it. */
  failure({ message, extensions }: SubgraphFailure, places: readonly Path[]): void {
    for (const path of places) {
      if (this.isFull) return;
      this.reported.push({ message, path, extensions: { ...extensions } });
    }
  }

  /** A subgraph's own errors, moved to where their objects stand in the whole. */
  carry(
    subgraph: string,
    errors: readonly SubgraphErrorEntry[],
    placesOf: (path: Path | undefined) => readonly (Path | undefined)[],
  ): void {
    for (const error of errors) {
      if (this.isFull) return;
      const message =
        typeof error.message === 'string'
          ? error.message.slice(0, LONGEST_MESSAGE)
          : 'The subgraph reported an error without a message.';
      const path = isPath(error.path) && error.path.length > 0 ? error.path : undefined;
      const own = isDataObject(error.extensions) ? error.extensions : {};
      for (const place of placesOf(path)) {
        if (this.isFull) return;
        this.reported.push({ message, path: place, extensions: { ...own, service: subgraph } });
      }
    }
  }

  get isEmpty(): boolean {
    return this.reported.length === 0;
  }

  /** @param needs whether fields of this name may be fetched for others: an error then explains what became of those. */
  forClient(root: ObjectShape, needs: (field: string) => boolean): GraphQLFormattedError[] {
    return this.reported.flatMap(({ message, path, extensions }) => {
      const known = path ? clientPath(root, this.data, path, needs) : [];
      if (!known) return [];
      return known.length > 0 ? { message, path: known, extensions } : { message, extensions };
    });
  }

  /** Where the objects stand that the fields of a root fetch belong to. */
  rootBases({ path }: CompiledFetch): readonly Path[] {
    return path.length === 0 ? [[]] : [...locationsAt(this.data, path).values()].flat();
  }

  /** Where a batch, or the entity of one representation, shows as a whole — exactly the field where it brings only one. */
  entityPlaces(batch: EntityBatch, index?: number): readonly Path[] {
    const { responseKeys } = batch.selectionGroup.fetch;
    const objects = this.objects(batch, index);
    if (responseKeys.length !== 1) return objects;
    return objects.flatMap((base) => responseKeys.map((key) => [...base, key]));
  }

  /** Where an error at `[alias, index, …]` of a batch stands. */
  entityPaths(batch: EntityBatch, path: Path): readonly Path[] {
    const [, index, ...rest] = renamed(batch.selectionGroup.fetch, path);
    if (typeof index !== 'number' || index >= batch.count) return this.entityPlaces(batch);
    return this.objects(batch, index).map((base) => [...base, ...rest]);
  }

  /** A subgraph may make more errors than anyone reads: each of thousands, at each of thousands of places. */
  private get isFull(): boolean {
    return this.reported.length >= MOST_ERRORS;
  }

  /** The places of the objects that a batch is for; with `index`, of those that wait for that representation. */
  private objects(batch: EntityBatch, index?: number): readonly Path[] {
    let places = this.places.get(batch);
    if (!places) {
      places = placesByIndex(this.data, batch);
      this.places.set(batch, places);
    }
    return index === undefined ? [...places.values()].flat() : (places.get(index) ?? []);
  }
}

/** Where a fetch of root fields shows as a whole. */
export const rootPlaces = ({ responseKeys }: CompiledFetch, bases: readonly Path[]): Path[] =>
  bases.flatMap((base) => responseKeys.map((key) => [...base, key]));

/** Where an error of a root fetch stands. */
export function rootPaths(fetch: CompiledFetch, bases: readonly Path[], path: Path): Path[] {
  const steps = renamed(fetch, path);
  return bases.map((base) => [...base, ...steps]);
}

/** Where the objects of each representation stand, found in one walk through the data. */
function placesByIndex(data: DataObject, batch: EntityBatch): Map<number, Path[]> {
  const places = new Map<number, Path[]>();
  for (const targets of batch.targets) {
    const indexes = new Map(targets.objects.map((object, at) => [object, targets.indexes[at]]));
    for (const [object, locations] of locationsAt(data, targets.path)) {
      const index = indexes.get(object);
      if (index === undefined) continue;
      const known = places.get(index);
      if (known) for (const location of locations) known.push(location);
      else places.set(index, [...locations]);
    }
  }
  return places;
}

const MOST_ERRORS = 10_000;
/** Of a subgraph's message, in UTF-16 code units. */
const LONGEST_MESSAGE = 2_000;

/** Names and list indexes, whatever the subgraph says. */
const isPath = (path: unknown): path is Path =>
  Array.isArray(path) &&
  path.every((key) => typeof key === 'string' || (Number.isSafeInteger(key) && (key as number) >= 0));

const renamed = ({ renamedKeys }: CompiledFetch, path: Path): Path => path.map((key) => renamedKeys.get(key) ?? key);
