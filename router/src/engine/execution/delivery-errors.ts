import type { GraphQLFormattedError } from 'graphql';
import { enclosing } from '../operation/deferral.js';
import { selects } from '../projection/client-path.js';
import type { DeferredObject } from '../projection/serialize.js';
import type { ObjectShape } from '../projection/shapes.js';
import type { DeferredParts } from './deferred-parts.js';

/** What went wrong for one deferred fragment at one object. */
interface ObjectErrors {
  /** What the client is told with it. */
  readonly own: readonly GraphQLFormattedError[];
  /** Told already, and enough to explain that nothing is there. */
  readonly around: readonly GraphQLFormattedError[];
  readonly all: readonly GraphQLFormattedError[];
}

/** Finds the piece of an answer that an error belongs to: the one that delivers what stands at its path. */
export class DeliveryErrors {
  /** @param whole the shape of everything that is delivered; asked only when there are errors. */
  constructor(
    readonly primary: readonly GraphQLFormattedError[],
    private readonly parts: DeferredParts | undefined,
    private readonly data: unknown,
    private readonly whole: () => ObjectShape,
  ) {}

  /** Errors of what is answered first: fetches for it may bring deferred fields along. */
  ofPrimary(shape: ObjectShape): GraphQLFormattedError[] {
    return this.primary.filter(({ path }) => !path || selects(shape, this.data, path));
  }

  /** @param last whether it is the last object of its deferred fragment: errors without a path come with that. */
  ofObject({ deferral, path: place, shape, data }: DeferredObject, last: boolean): ObjectErrors {
    const [fetched = [], ...others] = enclosing(deferral).map(({ id }) => this.ofPart(id));
    const before = [...others.flat(), ...this.primary];
    const below = (path: Path) => startsWith(path, place);
    const delivers = (path: Path) => below(path) && selects(shape, data, path.slice(place.length));
    const own = [
      ...fetched.filter(({ path }) => (path ? delivers(path) || startsWith(place, path) : last)),
      ...before.filter(({ path }) => path && path.length > place.length && delivers(path)),
    ];
    const around = before.filter(({ path }) => path && (below(path) || startsWith(place, path)));
    return { own, around, all: [...fetched, ...before] };
  }

  private ofPart(id: string): GraphQLFormattedError[] {
    const report = this.parts?.get(id)?.report;
    return report && !report.isEmpty ? report.forClient(this.whole()) : [];
  }
}

type Path = readonly (string | number)[];

const startsWith = (path: Path, beginning: Path): boolean =>
  beginning.length <= path.length && beginning.every((key, index) => path[index] === key);
