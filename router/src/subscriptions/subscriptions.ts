import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Caller, VersionStamps } from '@platform/kernel/auth';
import type { RouterConfig } from '../config.js';
import { ServerShuttingDown, TooManySubscriptions } from '../errors.js';
import { type OperationContext, required } from '../operation.js';
import { CallerWatch } from './caller-watch.js';
import { Counts } from './counts.js';
import { Subscriber } from './subscriber.js';
import { type Subscribed, Upstream, type UpstreamParts } from './upstream.js';

interface SubscriptionsParts extends UpstreamParts {
  /** Null where nobody signs in. */
  readonly stamps: VersionStamps | null;
  readonly config: RouterConfig['subscriptions'];
}

/** How long clients may take to read why their streams end, in ms. */
const GOODBYE = 2_000;

/** Every stream of this process: who may begin one, which of them share an upstream, and when they end. */
export class Subscriptions {
  private readonly upstreams = new Map<string, Upstream>();
  private readonly subscribers = new Set<Subscriber>();
  private readonly ofCaller = new Counts<string>();
  private readonly ofConnection = new Counts<object>();
  private readonly watch: CallerWatch | undefined;
  private stopping = false;

  constructor(private readonly parts: SubscriptionsParts) {
    const { stamps, callers, config } = parts;
    this.watch = stamps ? new CallerWatch(callers, stamps, config.checkInterval) : undefined;
  }

  /** Streams that clients hold, and streams held of subgraphs for them. */
  get counts(): { readonly subscribers: number; readonly upstreams: number } {
    return { subscribers: this.subscribers.size, upstreams: this.upstreams.size };
  }

  /**
   * Begins the stream of an authorized subscription; undefined when the caller may not have its root field.
   * @throws TooManySubscriptions, ServerShuttingDown, and what the engine fails with.
   */
  async open(context: OperationContext): Promise<Subscriber | undefined> {
    const authorized = required(context, 'authorized');
    const variables = required(context, 'variables');
    const refused = this.parts.engine.refusals(authorized, variables).some(({ path }) => path?.length === 1);
    if (refused) return undefined;
    if (this.stopping) throw new ServerShuttingDown();

    const claims = context.claims ?? null;
    const subscriber = this.admit(context);
    const subscribed = {
      operation: required(context, 'operation'),
      variables,
      claims,
      scopes: required(context, 'scopes'),
    };
    try {
      await this.join(subscriber, subscribed, required(context, 'caller')).opened;
    } catch (error) {
      await subscriber.return();
      throw error;
    }
    return subscriber;
  }

  /** Ends every stream with its reason, and gives the clients a moment to read it. */
  async stop(): Promise<void> {
    this.stopping = true;
    const ending = [...this.subscribers];
    for (const subscriber of ending) subscriber.end(new ServerShuttingDown());
    const deadline = Date.now() + GOODBYE;
    while (Date.now() < deadline && ending.some(({ drained }) => !drained)) await wait(10);
  }

  /** @throws TooManySubscriptions */
  private admit({ claims, clientIp, connection, signal }: OperationContext): Subscriber {
    const { buffer, perCaller, perConnection } = this.parts.config;
    const caller = claims ? `user ${claims.subject}` : `address ${clientIp}`;
    if (this.ofCaller.of(caller) >= perCaller) throw new TooManySubscriptions(perCaller, 'caller');
    if (connection && this.ofConnection.of(connection) >= perConnection) {
      throw new TooManySubscriptions(perConnection, 'connection');
    }
    const subscriber = new Subscriber(buffer, claims ?? null);
    this.subscribers.add(subscriber);
    this.ofCaller.add(caller);
    if (connection) this.ofConnection.add(connection);
    const leave = () => void subscriber.return();
    subscriber.onEnd(() => {
      signal.removeEventListener('abort', leave);
      this.subscribers.delete(subscriber);
      this.ofCaller.remove(caller);
      if (connection) this.ofConnection.remove(connection);
    });
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    return subscriber;
  }

  private join(subscriber: Subscriber, subscribed: Subscribed, caller: Caller): Upstream {
    const key = shareKey(subscribed, caller);
    const upstream = this.upstreams.get(key) ?? this.begin(key, subscribed, caller);
    upstream.add(subscriber);
    return upstream;
  }

  private begin(key: string, subscribed: Subscribed, caller: Caller): Upstream {
    const upstream: Upstream = new Upstream(this.parts, subscribed, caller, {
      move: (from, now) => this.move(from, now),
      onEmpty: () => {
        unwatch?.();
        if (this.upstreams.get(key) === upstream) this.upstreams.delete(key);
      },
    });
    const unwatch = this.watch?.watch(subscribed.claims, (now) => void upstream.reconsider(now));
    this.upstreams.set(key, upstream);
    return upstream;
  }

  /** The old stream serves until the new one is open, so that nothing is missed in between. */
  private async move(from: Upstream, caller: Caller): Promise<void> {
    const key = shareKey(from.subscribed, caller);
    const to = this.upstreams.get(key) ?? this.begin(key, from.subscribed, caller);
    if (to === from) return;
    try {
      await to.opened;
      for (const subscriber of [...from.subscribers]) {
        to.add(subscriber);
        from.remove(subscriber);
      }
    } finally {
      to.closeIfUnused();
    }
  }
}

/** Equal for subscriptions whose results cannot differ: the same operation and variables, on behalf of the same session with the same rights. */
function shareKey({ operation, variables, scopes }: Subscribed, caller: Caller): string {
  const hash = createHash('sha256');
  const who = [caller.kind, caller.userId, caller.sessionId, caller.tenantId];
  hash.update(JSON.stringify([identityOf(operation), variables, who, [...scopes].sort()]));
  for (const permission of [...caller.permissions].sort()) hash.update(permission).update('\0');
  return hash.digest('base64');
}

let operations = 0;
const numbers = new WeakMap<object, number>();

/** The engine keeps one object per operation of a document: its identity stands for the text. */
function identityOf(operation: object): number {
  const known = numbers.get(operation);
  if (known !== undefined) return known;
  operations += 1;
  numbers.set(operation, operations);
  return operations;
}
