import type { GraphQLFormattedError } from 'graphql';
import { type Deferral, enclosing } from '../operation/deferral.js';
import { selects } from '../projection/client-path.js';
import type { ErrorTree } from '../projection/error-tree.js';
import type { DeferredObject } from '../projection/serialization-run.js';
import type { ObjectShape } from '../projection/shapes.js';
import type { DeferredFragments } from './deferred-fragments.js';
import { knownErrorPaths } from './execute-operation.js';
import { PathIndex } from './path-index.js';

type Errors = readonly GraphQLFormattedError[];
type Path = readonly (string | number)[];

/** What went wrong for one deferred fragment at one object. */
interface ObjectErrors {
  /** What the client is told with it. */
  readonly own: Errors;
  /** Told already, and enough to explain that nothing is there. */
  readonly around: () => Errors;
  /** Of its fragment and those around it. */
  readonly explained: ErrorTree | undefined;
}

/** What is known of a deferred fragment once it has what it waits for. */
interface FragmentErrors {
  readonly fetched: Errors;
  /** Those of what is delivered before it. */
  readonly before: Errors;
  readonly fetchedByPath: PathIndex<GraphQLFormattedError>;
  readonly beforeByPath: PathIndex<GraphQLFormattedError>;
  readonly explained: ErrorTree | undefined;
}

/** Finds the piece of an answer that an error belongs to: the one that delivers what stands at its path. */
export class DeliveryErrors {
  private readonly told = new Set<GraphQLFormattedError>();
  private readonly byPart = new Map<string, Errors>();
  private readonly byFragment = new Map<Deferral, FragmentErrors>();

  /** @param whole the shape of everything that is delivered; asked only when there are errors. */
  constructor(
    readonly primary: Errors,
    private readonly parts: DeferredFragments | undefined,
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
    const { fetched, before, fetchedByPath, beforeByPath, explained } = this.ofFragment(deferral);
    if (fetched.length === 0 && before.length === 0) return noErrors;
    const delivers = ({ path = [] }: GraphQLFormattedError) => selects(shape, data, path.slice(place.length));
    const own = [
      ...this.ofWhatIsAround(fetchedByPath, place),
      ...fetchedByPath.below(place).filter(delivers),
      ...(last ? fetched.filter(({ path }) => !path) : none),
      ...beforeByPath.below(place).filter(delivers),
    ];
    const around = () => {
      const [first] = beforeByPath.above(place);
      return first ? [first] : beforeByPath.below(place);
    };
    return { own: this.tell(own), around, explained };
  }

  /** What has led to a null around a deferred fragment, which therefore never comes. */
  untold(deferral: Deferral | undefined, pending: () => readonly DeferredObject[]): Errors {
    const known = [...enclosing(deferral).flatMap(({ id }) => this.ofPart(id)), ...this.primary];
    const untold = known.filter((error) => error.path && !this.told.has(error));
    if (untold.length === 0) return none;
    const places = new PathIndex<true>();
    for (const { path } of pending()) places.add(path, true);
    return this.tell(untold.filter(({ path = [] }) => places.above(path).next().done));
  }

  /** Every object is told of one, although all of them are below it; the first one is told of all. */
  private ofWhatIsAround(errors: PathIndex<GraphQLFormattedError>, place: Path): Errors {
    const [first, ...others] = errors.above(place);
    return first ? [first, ...others.filter((error) => !this.told.has(error))] : none;
  }

  /** Asked once the fragment has all that it waits for. */
  private ofFragment(deferral: Deferral): FragmentErrors {
    let known = this.byFragment.get(deferral);
    if (known) return known;
    const [fetched = none, ...others] = enclosing(deferral).map(({ id }) => this.ofPart(id));
    const before = [...others.flat(), ...this.primary];
    known = {
      fetched,
      before,
      fetchedByPath: byPath(fetched),
      beforeByPath: byPath(before),
      explained: knownErrorPaths([...fetched, ...before], []),
    };
    this.byFragment.set(deferral, known);
    return known;
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
const noErrors: ObjectErrors = { own: none, around: () => none, explained: undefined };

function byPath(errors: Errors): PathIndex<GraphQLFormattedError> {
  const index = new PathIndex<GraphQLFormattedError>();
  for (const error of errors) if (error.path) index.add(error.path, error);
  return index;
}
