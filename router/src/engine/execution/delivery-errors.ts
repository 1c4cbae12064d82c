import type { GraphQLFormattedError } from 'graphql';
import { type Deferral, enclosing } from '../operation/deferral.js';
import { selects } from '../projection/client-path.js';
import type { DeferredObject } from '../projection/serialization-run.js';
import type { ObjectShape } from '../projection/shapes.js';
import type { DeferredParts } from './deferred-parts.js';

type Errors = readonly GraphQLFormattedError[];
type Path = readonly (string | number)[];

/** What went wrong for one deferred fragment at one object. */
interface ObjectErrors {
  /** What the client is told with it. */
  readonly own: Errors;
  /** Told already, and enough to explain that nothing is there. */
  readonly around: Errors;
  readonly all: Errors;
}

/** Finds the piece of an answer that an error belongs to: the one that delivers what stands at its path. */
export class DeliveryErrors {
  private readonly told = new Set<GraphQLFormattedError>();
  private readonly byPart = new Map<string, Errors>();

  /** @param whole the shape of everything that is delivered; asked only when there are errors. */
  constructor(
    readonly primary: Errors,
    private readonly parts: DeferredParts | undefined,
    private readonly data: unknown,
    private readonly whole: () => ObjectShape,
    private readonly needs: (field: string) => boolean,
  ) {}

  /** Of what is answered first: fetches for it may bring deferred fields along, whose errors come later. */
  ofPrimary(shape: ObjectShape): Errors {
    return this.tell(this.primary.filter(({ path }) => !path || selects(shape, this.data, path)));
  }

  /** @param last whether it is the last object of its deferred fragment: errors without a path come with that. */
  ofObject({ deferral, path: place, shape, data }: DeferredObject, last: boolean): ObjectErrors {
    const [fetched = none, ...others] = enclosing(deferral).map(({ id }) => this.ofPart(id));
    const before = [...others.flat(), ...this.primary];
    if (fetched.length === 0 && before.length === 0) return noErrors;
    const below = (path: Path) => startsWith(path, place);
    const delivers = (path: Path) => below(path) && selects(shape, data, path.slice(place.length));
    const own = [
      ...fetched.filter(({ path }) => (path ? delivers(path) || startsWith(place, path) : last)),
      ...before.filter(({ path }) => path && path.length > place.length && delivers(path)),
    ];
    const around = before.filter(({ path }) => path && (below(path) || startsWith(place, path)));
    return { own: this.tell(own), around, all: [...fetched, ...before] };
  }

  /** What has led to a null around a deferred fragment, which therefore never comes. */
  untold(deferral: Deferral | undefined, pending: () => readonly DeferredObject[]): Errors {
    const known = [...enclosing(deferral).flatMap(({ id }) => this.ofPart(id)), ...this.primary];
    const untold = known.filter((error) => error.path && !this.told.has(error));
    if (untold.length === 0) return none;
    const places = pending().map(({ path }) => path);
    return this.tell(untold.filter(({ path = [] }) => !places.some((place) => startsWith(path, place))));
  }

  private tell(errors: Errors): Errors {
    for (const error of errors) this.told.add(error);
    return errors;
  }

  /** Asked once the part has all that it waits for. */
  private ofPart(id: string): Errors {
    const known = this.byPart.get(id);
    if (known) return known;
    const reports = this.parts?.get(id)?.reports.filter(({ isEmpty }) => !isEmpty) ?? [];
    const errors = reports.flatMap((report) => report.forClient(this.whole(), this.needs));
    this.byPart.set(id, errors);
    return errors;
  }
}

const none: Errors = [];
const noErrors: ObjectErrors = { own: none, around: none, all: none };

const startsWith = (path: Path, beginning: Path): boolean =>
  beginning.length <= path.length && beginning.every((key, index) => path[index] === key);
