import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphErrorEntry } from '../endpoint.js';
import type { SubgraphFailure } from '../errors.js';
import type { CompiledFetch } from '../plan/compiled-plan.js';
import type { DataObject } from '../plan/data.js';
import { locationsAt } from '../plan/flatten.js';
import { clientPath } from '../projection/client-path.js';
import type { ObjectShape } from '../projection/shapes.js';
import type { EntityBatch } from './entity-batch.js';

type Path = readonly (string | number)[];

interface Reported {
  readonly message: string;
  readonly path: Path | undefined;
  readonly extensions: Record<string, unknown>;
}

/** Collects what went wrong at subgraphs, with paths through the data; the client's paths are made at the end. */
export class ErrorReport {
  private readonly reported: Reported[] = [];

  constructor(private readonly data: DataObject) {}

  /** A fetch that gave nothing: one error for every place that waited for it. */
  failure(fetch: CompiledFetch, failure: SubgraphFailure, batch: EntityBatch | undefined): void {
    const { message, extensions } = failure;
    for (const path of this.places(fetch, batch)) this.reported.push({ message, path, extensions: { ...extensions } });
  }

  /** A subgraph's own errors, moved to where their objects stand in the whole. */
  carry(
    fetch: CompiledFetch,
    errors: readonly SubgraphErrorEntry[],
    batch: EntityBatch | undefined,
    hasData: boolean,
  ): void {
    for (const error of errors) {
      const message =
        typeof error.message === 'string' ? error.message : 'The subgraph reported an error without a message.';
      for (const path of this.pathsOf(error, fetch, batch, hasData)) {
        this.reported.push({ message, path, extensions: { ...error.extensions, service: fetch.subgraph } });
      }
    }
  }

  forClient(root: ObjectShape): GraphQLFormattedError[] {
    return this.reported.map(({ message, path, extensions }) => {
      const known = path && clientPath(root, this.data, path);
      return known?.length ? { message, path: known, extensions } : { message, extensions };
    });
  }

  private pathsOf(
    { path }: SubgraphErrorEntry,
    fetch: CompiledFetch,
    batch: EntityBatch | undefined,
    hasData: boolean,
  ): (Path | undefined)[] {
    if (!Array.isArray(path) || path.length === 0) return hasData ? [undefined] : this.places(fetch, batch);
    const steps = (path as Path).map((key) => fetch.renamedKeys.get(key) ?? key);
    if (!batch) return this.objects(fetch, batch).map((base) => [...base, ...steps]);
    const [, index, ...rest] = steps;
    if (typeof index !== 'number') return this.places(fetch, batch);
    return this.objects(fetch, batch, index).map((base) => [...base, ...rest]);
  }

  /** Where a fetch as a whole shows: its root fields, or its entities — exactly the field where it brings only one. */
  private places(fetch: CompiledFetch, batch: EntityBatch | undefined): Path[] {
    const objects = this.objects(fetch, batch);
    if (batch && fetch.responseKeys.length !== 1) return objects;
    return objects.flatMap((base) => fetch.responseKeys.map((key) => [...base, key]));
  }

  /** The places of the objects that a fetch is for; with `index`, of those that wait for that representation. */
  private objects(fetch: CompiledFetch, batch: EntityBatch | undefined, index?: number): Path[] {
    if (fetch.path.length === 0) return [[]];
    const paths: Path[] = [];
    for (const [object, locations] of locationsAt(this.data, fetch.path)) {
      const waitsFor = batch?.waiting.get(object);
      if (batch && (waitsFor === undefined || (index !== undefined && waitsFor !== index))) continue;
      paths.push(...locations);
    }
    return paths;
  }
}
