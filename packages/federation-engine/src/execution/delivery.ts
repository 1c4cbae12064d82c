import type { GraphQLFormattedError } from 'graphql';
import type { UnauthorizedSelection } from '../authorization/unauthorized-selections.js';
import { type Deferral, enclosing } from '../operation/deferral.js';
import type { PreparedOperation } from '../prepared/prepared-operation.js';
import { type DeferredObject, type Reader, SerializationRun } from '../projection/serialization-run.js';
import type { DeliveryErrors } from './delivery-errors.js';
import {
  authorizationErrors,
  knownErrorPaths,
  noneRepeated,
  readerOf,
  unexecutedRootFields,
} from './execute-operation.js';
import type { Execution } from './execution.js';
import type { ExecutionResources } from './execution-request.js';
import {
  type ExecutionResult,
  type IncrementalEntry,
  type IncrementalResult,
  type ResponseBuilder,
  read,
  type Span,
} from './response-builder.js';

/** What is delivered, piece by piece, of an operation with deferred fragments: what has been, and what is to follow. */
export class Delivery {
  /** By deferral, the objects whose deferred fragments are still to come. */
  private readonly pending = new Map<Deferral, DeferredObject[]>();

  private readonly builder: ResponseBuilder;
  private readonly reader: Reader;
  /** Unauthorized selections that no piece has told of. */
  private unauthorized: readonly UnauthorizedSelection[];

  constructor(
    resources: ExecutionResources,
    private readonly prepared: PreparedOperation,
    private readonly execution: Execution | undefined,
    private readonly data: Readonly<Record<string, unknown>>,
    private readonly errors: DeliveryErrors,
  ) {
    this.builder = resources.builder;
    this.reader = readerOf(resources, prepared);
    this.unauthorized = prepared.unauthorized;
  }

  get waiting(): readonly Deferral[] {
    return [...this.pending.keys()];
  }

  /** What is answered at once: the whole answer, when nothing of it leads to a deferred fragment. */
  begin(): ExecutionResult | IncrementalResult {
    const { builder } = this;
    const { shape, serializer } = this.prepared.planned;
    const errors = this.errors.ofPrimary(shape);
    const unbegun = this.execution?.stopped ? unexecutedRootFields(shape, this.data) : [];
    const explained = knownErrorPaths(this.errors.primary, unbegun);
    const run = new SerializationRun(builder.out, explained, this.reader, noneRepeated);
    builder.begin();
    serializer.write(this.data, run);
    this.follow(run);
    const all = [...errors, ...run.errors, ...this.leftOver(undefined)];
    return this.pending.size > 0 ? builder.finishFirst(all) : builder.finish(all);
  }

  /** The parts, and those inside them that are ready as well. */
  deliver(ready: readonly Deferral[], isReady: (deferral: Deferral) => boolean): IncrementalResult {
    const { out } = this.builder;
    out.begin();
    out.text('{"incremental":[');
    const entries: WrittenEntry[] = [];
    for (let next = [...ready]; next.length > 0; next = this.waiting.filter(isReady)) {
      for (const deferral of next) this.part(deferral, entries);
    }
    const hasNext = this.pending.size > 0;
    out.text(`],"hasNext":${hasNext}}`);
    const bytes = out.take();
    return {
      incremental: entries.map(({ span, ...entry }): IncrementalEntry => {
        const data = read<IncrementalEntry['data']>(() => bytes, span);
        return {
          get data() {
            return data();
          },
          ...entry,
        };
      }),
      hasNext,
      json: () => bytes,
    };
  }

  private part(deferral: Deferral, entries: WrittenEntry[]): void {
    const objects = this.pending.get(deferral) ?? [];
    this.pending.delete(deferral);
    objects.forEach((object, index) => {
      if (entries.length > 0) this.builder.out.text(',');
      entries.push(this.entry(object, index === objects.length - 1));
    });
  }

  private entry(object: DeferredObject, last: boolean): WrittenEntry {
    const { out } = this.builder;
    const { deferral, path, data, serializer } = object;
    const known = this.errors.ofObject(object, last);
    const run = new SerializationRun(out, known.explained, this.reader, noneRepeated, path);
    out.text('{"data":');
    const start = out.position;
    const whole = serializer.write(data, run);
    const span = { start, end: out.position };
    this.follow(run);
    const own = [...known.own, ...run.errors, ...(last ? this.leftOver(deferral) : [])];
    const errors = whole || own.length > 0 ? own : known.around();
    out.text(`,"path":${JSON.stringify(path)}`);
    if (deferral.label !== undefined) out.text(`,"label":${JSON.stringify(deferral.label)}`);
    this.builder.errors(errors);
    out.text('}');
    const { label } = deferral;
    return { span, path, ...(label !== undefined && { label }), ...(errors.length > 0 && { errors }) };
  }

  private follow({ deferred, answered }: SerializationRun): void {
    for (const object of deferred) {
      const known = this.pending.get(object.deferral);
      if (known) known.push(object);
      else this.pending.set(object.deferral, [object]);
    }
    if (this.unauthorized.length > 0) this.unauthorized = this.unauthorized.filter((denied) => !answered.has(denied));
  }

  /** What nothing that is still to come can tell of. */
  private leftOver(deferral: Deferral | undefined): GraphQLFormattedError[] {
    const errors = this.errors.untold(deferral, () => [...this.pending.values()].flat());
    return this.unauthorized.length > 0 ? [...errors, ...this.unmet()] : [...errors];
  }

  private unmet(): GraphQLFormattedError[] {
    const { pending } = this;
    const waits = ({ deferral }: UnauthorizedSelection) => enclosing(deferral).some((each) => pending.has(each));
    const unmet = this.unauthorized.filter((denied) => !waits(denied));
    this.unauthorized = this.unauthorized.filter(waits);
    return authorizationErrors(unmet, this.prepared.authorization);
  }
}

type WrittenEntry = Omit<IncrementalEntry, 'data'> & { readonly span: Span };
