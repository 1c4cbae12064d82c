import { randomUUID } from 'node:crypto';
import type { Caller } from '@platform/kernel/auth';
import { CodedError, type ErrorBus } from '@platform/kernel/errors';
import type { Callers } from '../callers/caller-resolver.js';
import type { AccessClaims } from '../callers/token-verifier.js';
import {
  type AuthorizedOperation,
  type Engine,
  EngineError,
  type Operation,
  type Overrides,
  type Rights,
  type SubgraphResponse,
  type Variables,
} from '../engine/index.js';
import { SupergraphChanged } from '../errors.js';
import type { GraphQLRequest, OperationContext, Result } from '../operation.js';
import { commonRights, type Policies, rightsOf, sameRights } from '../policies/index.js';
import { internalError } from '../refusal.js';
import type { RefusalReport } from '../refusal-report.js';
import type { AuthorizationMode } from '../stages/authorize.js';
import type { SubgraphHeaders } from '../stages/execute-plan.js';
import type { Subscriber } from './subscriber.js';

/** What is subscribed to, and by whom. */
export interface Subscribed {
  /** What the operation belongs to. */
  readonly engine: Engine;
  readonly operation: Operation;
  readonly variables: Variables;
  readonly overrides: Overrides;
  /** What the client asked for, to ask another engine the same. */
  readonly request: GraphQLRequest;
  readonly claims: AccessClaims | null;
  /** The client's headers that subgraphs get. */
  readonly headers: OperationContext['headers'];
}

/** For whom a stream is held, with the rights that its events are completed under. */
export interface Holder {
  readonly caller: Caller;
  readonly rights: Rights;
}

/** What upstreams are lent by the router. */
export interface UpstreamParts {
  readonly callers: Callers;
  readonly policies: Policies;
  readonly mode: AuthorizationMode;
  readonly refusals: RefusalReport;
  readonly headers: SubgraphHeaders;
  readonly errors: ErrorBus;
  /** Keeps an engine open until the answered function is called. */
  readonly hold: (engine: Engine) => () => void;
}

interface UpstreamHooks {
  /** Takes the subscribers over to an upstream of other rights or on another engine. */
  move(from: Upstream, subscribed: Subscribed, holder: Holder): Promise<void>;
  onEmpty(): void;
}

/** One stream of a subgraph, for every subscriber who asks for the same with the same rights. Each event is completed once, for all of them. */
export class Upstream {
  readonly subscribers = new Set<Subscriber>();
  private readonly gone = new AbortController();
  private readonly authorized: AuthorizedOperation;
  private moving = false;
  /** Resolves once the stream is open. Rejects with the engine's errors. */
  readonly opened: Promise<void>;

  constructor(
    private readonly parts: UpstreamParts,
    readonly subscribed: Subscribed,
    private readonly holder: Holder,
    private readonly hooks: UpstreamHooks,
  ) {
    this.gone.signal.addEventListener('abort', parts.hold(subscribed.engine), { once: true });
    this.authorized = subscribed.engine.authorize(subscribed.operation, holder.rights);
    this.opened = this.open();
    this.opened.catch(() => {});
  }

  add(subscriber: Subscriber): void {
    this.subscribers.add(subscriber);
    subscriber.onEnd(() => this.remove(subscriber));
  }

  remove(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber);
    this.closeIfUnused();
  }

  closeIfUnused(): void {
    if (this.subscribers.size > 0) return;
    this.gone.abort();
    this.hooks.onEmpty();
  }

  /**
   * Who the caller is now. Answers their rights; undefined when everything has ended, because the root field is not theirs any
   * more. With other rights the subscribers go on elsewhere.
   */
  async reconsider(now: Caller | CodedError): Promise<Rights | undefined> {
    if (now instanceof CodedError) {
      this.endAll((subscriber) => subscriber.end(now));
      return undefined;
    }
    const rights = await this.rightsOf(now, this.subscribed);
    if (sameRights(this.holder.rights, rights)) return rights;
    return this.go(this.subscribed, { caller: now, rights }) ? rights : undefined;
  }

  /** Goes on on another engine; what does not fit its supergraph ends. */
  async follow(engine: Engine): Promise<void> {
    try {
      const { request } = this.subscribed;
      const operation = engine.prepare(request.query, request.operationName);
      const variables = engine.coerceVariables(operation, request.variables);
      const subscribed = { ...this.subscribed, engine, operation, variables };
      const { caller } = this.holder;
      this.go(subscribed, { caller, rights: await this.rightsOf(caller, subscribed) });
    } catch (error) {
      this.fail(error instanceof EngineError ? new SupergraphChanged() : error);
    }
  }

  /** False when everything has ended instead. */
  private go(subscribed: Subscribed, holder: Holder): boolean {
    const refused = this.refusedRoot(subscribed, holder.rights);
    if (refused) this.endAll((subscriber) => subscriber.endWith(refused));
    else this.move(subscribed, holder);
    return refused === undefined;
  }

  private move(subscribed: Subscribed, holder: Holder): void {
    if (this.moving) return;
    this.moving = true;
    this.hooks
      .move(this, subscribed, holder)
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.moving = false;
      });
  }

  private async open(): Promise<void> {
    const { engine, variables, overrides } = this.subscribed;
    const events = await engine.subscribe({
      authorized: this.authorized,
      variables,
      overrides,
      headers: this.headersFor(this.holder.caller),
      signal: this.gone.signal,
    });
    if (!events) {
      this.endAll((subscriber) => subscriber.complete());
      return;
    }
    if (this.gone.signal.aborted) return void events.return?.();
    this.gone.signal.addEventListener('abort', () => void events.return?.(), { once: true });
    void this.read(events);
  }

  private async read(events: AsyncIterableIterator<SubgraphResponse>): Promise<void> {
    try {
      for await (const event of events) {
        const result = await this.completed(event);
        if (!result) return;
        for (const subscriber of [...this.subscribers]) subscriber.push(result);
      }
      this.endAll((subscriber) => subscriber.complete());
    } catch (error) {
      this.fail(error);
    }
  }

  /** Undefined when the stream has ended instead. An event that meets changed rights is completed under what old and new ones allow. */
  private async completed(event: SubgraphResponse): Promise<Result | undefined> {
    const { engine, operation, variables, overrides, claims } = this.subscribed;
    const caller = await this.parts.callers.resolve(claims).catch((error: unknown) => {
      if (error instanceof CodedError) return error;
      throw error;
    });
    const rights = await this.reconsider(caller);
    if (!rights || caller instanceof CodedError) return undefined;
    const authorized = sameRights(this.holder.rights, rights)
      ? this.authorized
      : engine.authorize(operation, commonRights(this.holder.rights, rights));
    const request = { authorized, variables, overrides, headers: this.headersFor(caller), signal: this.gone.signal };
    return this.parts.refusals.told(await engine.complete(request, event));
  }

  private headersFor(caller: Caller) {
    const { headers } = this.subscribed;
    return (subgraph: string) => this.parts.headers({ requestId: randomUUID(), caller, headers }, subgraph);
  }

  /** Where refusals are only reported, those of the holder stay: they were everything from the start. */
  private async rightsOf(caller: Caller, { operation, claims }: Subscribed): Promise<Rights> {
    if (this.parts.mode === 'report-only') return this.holder.rights;
    return rightsOf(this.parts.policies, { caller, claims }, operation);
  }

  /** Why nothing is left to stream; where one refusal refuses everything, any of them is reason enough. */
  private refusedRoot({ engine, operation, variables }: Subscribed, rights: Rights): Result | undefined {
    const refusals = engine.refusals(engine.authorize(operation, rights), variables);
    const errors = refusals.filter(({ path }) => this.parts.mode === 'reject' || path?.length === 1);
    return errors.length > 0 ? this.parts.refusals.told({ errors }) : undefined;
  }

  private fail(error: unknown): void {
    if (this.gone.signal.aborted) return;
    if (error instanceof CodedError || error instanceof EngineError) {
      this.endAll((subscriber) => subscriber.end(error));
    } else {
      this.parts.errors.publish(error);
      this.endAll((subscriber) => subscriber.endWith(internalError().result));
    }
  }

  private endAll(end: (subscriber: Subscriber) => void): void {
    for (const subscriber of [...this.subscribers]) end(subscriber);
  }
}
