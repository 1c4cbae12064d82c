import { randomUUID } from 'node:crypto';
import type { Caller } from '@platform/auth';
import {
  type AuthorizationContext,
  type Engine,
  EngineError,
  type SubgraphResponse,
} from '@platform/federation-engine';
import { CodedError } from '@platform/foundation/errors';
import type { Callers } from '../authentication/principal-resolver.js';
import type { AuthorizationErrorFormatter } from '../authorization-error-formatter.js';
import { SupergraphChanged } from '../errors.js';
import type { FailureReport } from '../failure-report.js';
import type { Result } from '../operation.js';
import { commonRights, type Policies, rightsOf, sameRights } from '../policies/index.js';
import type { AuthorizationMode } from '../stages/authorize.js';
import type { SubgraphHeaders } from '../stages/execute-plan.js';
import { EngineHandover } from './engine-handover.js';
import type { Subscriber } from './subscriber.js';
import { prepare, type SubscriptionPrincipal, type SubscriptionRequest } from './subscription-request.js';

/** What upstreams are lent by the router. */
export interface UpstreamDependencies {
  readonly callers: Callers;
  readonly policies: Policies;
  readonly mode: AuthorizationMode;
  readonly refusals: AuthorizationErrorFormatter;
  readonly headers: SubgraphHeaders;
  readonly failures: FailureReport;
  /** Keeps an engine open until the answered function is called. */
  readonly hold: (engine: Engine) => () => void;
}

interface UpstreamHooks {
  /** Takes the subscribers over to an upstream of other rights or on another engine. */
  move(from: SubgraphSubscription, subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): Promise<void>;
  /** The upstream serves another subscription from now on: its own on another engine. */
  onAdopted(subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): void;
  onEmpty(): void;
}

/** One stream of a subgraph, for every subscriber who asks for the same with the same rights. Each event is completed once, for all of them. */
export class SubgraphSubscription {
  readonly subscribers = new Set<Subscriber>();
  private readonly gone = new AbortController();
  private readonly services: EngineHandover;
  /** What the stream was asked for. */
  private source: string | undefined;
  private moving = false;
  /** How the stream ended: whoever arrives later is told the same. */
  private ending: ((subscriber: Subscriber) => void) | undefined;
  /** Resolves once the stream is open. Rejects with the engine's errors. */
  readonly opened: Promise<void>;

  constructor(
    private readonly parts: UpstreamDependencies,
    subscribed: SubscriptionRequest,
    holder: SubscriptionPrincipal,
    private readonly hooks: UpstreamHooks,
  ) {
    this.services = new EngineHandover({ hold: parts.hold, onTakenOver: hooks.onAdopted }, subscribed, holder);
    this.gone.signal.addEventListener('abort', () => this.services.release(), { once: true });
    this.opened = this.open();
    this.opened.catch(() => {});
  }

  get subscribed(): SubscriptionRequest {
    return this.services.current.subscribed;
  }

  /** Nobody was left, and the stream was given up. */
  get abandoned(): boolean {
    return this.gone.signal.aborted && !this.ending;
  }

  add(subscriber: Subscriber): void {
    this.subscribers.add(subscriber);
    subscriber.onEnd(() => this.remove(subscriber));
    this.ending?.(subscriber);
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
   * more. With other rights, or in another organization, the subscribers go on elsewhere.
   */
  async reconsider(now: Caller | CodedError): Promise<AuthorizationContext | undefined> {
    if (now instanceof CodedError) {
      this.endAll((subscriber) => subscriber.end(now));
      return undefined;
    }
    const { subscribed, holder } = this.services.current;
    const rights = await this.rightsOf(now, subscribed);
    if (this.subscribed !== subscribed) return this.reconsider(now);
    if (sameRights(holder.rights, rights) && isSameTenant(holder.caller, now)) return rights;
    return (await this.go(subscribed, { caller: now, rights })) ? rights : undefined;
  }

  /** Goes on on another engine, with the same stream where it is asked for the same; what does not fit its supergraph ends. */
  async follow(engine: Engine): Promise<void> {
    try {
      const { request } = this.subscribed;
      const operation = engine.operation(request.query, request.operationName);
      const variables = engine.coerceVariables(operation, request.variables);
      const subscribed = { ...this.subscribed, engine, operation, variables };
      const { caller } = this.services.current.holder;
      const rights = await this.rightsOf(caller, subscribed);
      if (!this.gone.signal.aborted) await this.go(subscribed, { caller, rights });
    } catch (error) {
      this.fail(error instanceof EngineError ? new SupergraphChanged() : error);
    }
  }

  /** Whether it is another engine, whose events come from the stream that is open. */
  private async streamsFor(subscribed: SubscriptionRequest, { rights }: SubscriptionPrincipal): Promise<boolean> {
    const { engine } = subscribed;
    const isCandidate = () => !this.moving && this.source !== undefined && engine !== this.subscribed.engine;
    if (!isCandidate()) return false;
    const source = engine.sourceOf(await prepare(subscribed, rights));
    return isCandidate() && source === this.source;
  }

  /** False when everything has ended instead. */
  private async go(subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): Promise<boolean> {
    const refused = this.refusedRoot(subscribed, holder.rights);
    if (refused) {
      this.endAll((subscriber) => subscriber.endWith(refused));
      return false;
    }
    const isStreamed = await this.streamsFor(subscribed, holder);
    if (this.gone.signal.aborted) return false;
    if (isStreamed) this.services.adopt(subscribed, holder);
    else this.move(subscribed, holder);
    return true;
  }

  private move(subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): void {
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
    const { subscribed, holder, prepared: preparing } = this.services.current;
    const { engine } = subscribed;
    const prepared = await preparing;
    this.source = engine.sourceOf(prepared);
    const headers = this.headersFor(holder.caller);
    const events = await engine.subscribe(prepared, { headers, signal: this.gone.signal });
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
        const result = await this.services.completing(() => this.completed(event));
        if (result === 'ended') return;
        if (result === 'of another organization') continue;
        for (const subscriber of [...this.subscribers]) subscriber.push(result);
      }
      this.endAll((subscriber) => subscriber.complete());
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * An event that meets changed rights is completed under what old and new ones allow; what comes from an organization in which the
   * caller does not act any more is dropped.
   */
  private async completed(event: SubgraphResponse): Promise<Result | 'ended' | 'of another organization'> {
    const { claims, organization } = this.subscribed;
    const caller = await this.parts.callers.resolve(claims, organization).catch((error: unknown) => {
      if (error instanceof CodedError) return error;
      throw error;
    });
    const rights = await this.reconsider(caller);
    if (!rights || caller instanceof CodedError) return 'ended';
    const { subscribed, holder, prepared } = this.services.current;
    if (!isSameTenant(holder.caller, caller)) return 'of another organization';
    const completing = sameRights(holder.rights, rights)
      ? prepared
      : prepare(subscribed, commonRights(holder.rights, rights));
    const request = { headers: this.headersFor(caller), signal: this.gone.signal, tenant: caller.tenantId };
    return this.parts.refusals.told(await subscribed.engine.complete(await completing, event, request));
  }

  private headersFor(caller: Caller) {
    const { headers } = this.subscribed;
    return (subgraph: string) => this.parts.headers({ requestId: randomUUID(), caller, headers }, subgraph);
  }

  /** Where refusals are only reported, those of the holder stay: they were everything from the start. */
  private async rightsOf(caller: Caller, { operation, claims }: SubscriptionRequest): Promise<AuthorizationContext> {
    if (this.parts.mode === 'report-only') return this.services.current.holder.rights;
    return rightsOf(this.parts.policies, { caller, claims }, operation);
  }

  /** Why nothing is left to stream; where one refusal refuses everything, any of them is reason enough. */
  private refusedRoot(
    { engine, operation, variables }: SubscriptionRequest,
    rights: AuthorizationContext,
  ): Result | undefined {
    const errors = engine
      .authorizationErrors(operation, rights, variables)
      .filter(({ path }) => this.parts.mode === 'reject' || path?.length === 1);
    return errors.length > 0 ? this.parts.refusals.told({ errors }) : undefined;
  }

  private fail(error: unknown): void {
    if (this.gone.signal.aborted) return;
    this.parts.failures.add(error);
    this.endAll((subscriber) => subscriber.end(error));
  }

  /** Whoever is on the way here, from another upstream, meets the same end. */
  private endAll(end: (subscriber: Subscriber) => void): void {
    this.ending = end;
    for (const subscriber of [...this.subscribers]) end(subscriber);
    this.closeIfUnused();
  }
}

const isSameTenant = (one: Caller, other: Caller): boolean => one.tenantId === other.tenantId;
