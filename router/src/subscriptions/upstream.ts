import type { Caller } from '@platform/kernel/auth';
import { CodedError } from '@platform/kernel/errors';
import type { Callers } from '../callers/caller-resolver.js';
import { commonRights, rightsOf } from '../callers/rights-of.js';
import type { AccessClaims } from '../callers/token-verifier.js';
import {
  type AuthorizedOperation,
  type Engine,
  EngineError,
  type Operation,
  type SubgraphResponse,
  type Variables,
} from '../engine/index.js';
import type { Result } from '../operation.js';
import { internalError } from '../refusal.js';
import type { Subscriber } from './subscriber.js';

/** What is subscribed to, and by whom. */
export interface Subscribed {
  readonly operation: Operation;
  readonly variables: Variables;
  readonly claims: AccessClaims | null;
  readonly scopes: ReadonlySet<string>;
}

/** What upstreams are lent by the router. */
export interface UpstreamParts {
  readonly engine: Engine;
  readonly callers: Callers;
  /** Headers of a subgraph call on behalf of the caller. */
  readonly headers: (caller: Caller, subgraph: string) => Promise<Record<string, string>>;
  readonly onUnexpected: (error: unknown) => void;
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
    private readonly caller: Caller,
    private readonly hooks: {
      /** Takes the subscribers over to an upstream of the caller's new rights. */
      move(from: Upstream, caller: Caller): Promise<void>;
      onEmpty(): void;
    },
  ) {
    this.authorized = this.authorize(caller);
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

  /** Who the caller is now. Without the right to the root field everything ends; with other rights the subscribers go on elsewhere. */
  reconsider(now: Caller | CodedError): boolean {
    if (now instanceof CodedError) {
      this.endAll((subscriber) => subscriber.end(now));
      return false;
    }
    if (samePermissions(this.caller, now)) return true;
    const refused = this.rootRefusals(this.authorize(now));
    if (refused) {
      this.endAll((subscriber) => subscriber.endWith({ errors: refused }));
      return false;
    }
    this.move(now);
    return true;
  }

  private move(caller: Caller): void {
    if (this.moving) return;
    this.moving = true;
    this.hooks
      .move(this, caller)
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.moving = false;
      });
  }

  private async open(): Promise<void> {
    const { engine, headers } = this.parts;
    const events = await engine.subscribe({
      authorized: this.authorized,
      variables: this.subscribed.variables,
      headers: (subgraph) => headers(this.caller, subgraph),
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
    const { engine, callers, headers } = this.parts;
    const { operation, variables, claims, scopes } = this.subscribed;
    const caller = await callers.resolve(claims).catch((error: unknown) => {
      if (error instanceof CodedError) return error;
      throw error;
    });
    if (!this.reconsider(caller) || caller instanceof CodedError) return undefined;
    const authorized = samePermissions(this.caller, caller)
      ? this.authorized
      : engine.authorize(operation, commonRights(this.authorized.rights, rightsOf(caller, scopes)));
    const request = { authorized, variables, headers: (subgraph: string) => headers(caller, subgraph) };
    return engine.complete({ ...request, signal: this.gone.signal }, event);
  }

  private authorize(caller: Caller): AuthorizedOperation {
    return this.parts.engine.authorize(this.subscribed.operation, rightsOf(caller, this.subscribed.scopes));
  }

  private rootRefusals(authorized: AuthorizedOperation): Result['errors'] {
    const refusals = this.parts.engine.refusals(authorized, this.subscribed.variables);
    const ofRoot = refusals.filter(({ path }) => path?.length === 1);
    return ofRoot.length > 0 ? ofRoot : undefined;
  }

  private fail(error: unknown): void {
    if (this.gone.signal.aborted) return;
    if (error instanceof CodedError || error instanceof EngineError) {
      this.endAll((subscriber) => subscriber.end(error));
    } else {
      this.parts.onUnexpected(error);
      this.endAll((subscriber) => subscriber.endWith(internalError().result));
    }
  }

  private endAll(end: (subscriber: Subscriber) => void): void {
    for (const subscriber of [...this.subscribers]) end(subscriber);
  }
}

const samePermissions = (a: Caller, b: Caller): boolean =>
  a === b ||
  (a.userId === b.userId &&
    a.permissions.size === b.permissions.size &&
    [...a.permissions].every((code) => b.permissions.has(code)));
