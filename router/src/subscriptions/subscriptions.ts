import { setTimeout as wait } from 'node:timers/promises';
import type { RevocationVersions } from '@platform/auth';
import type { Engine, OverrideRollout } from '@platform/federation-engine';
import { networkOf } from '@platform/foundation/fair-shares';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { observeReading } from '../authentication/repeated-reading.js';
import type { CommonRouterConfig } from '../config.js';
import { ServerShuttingDown, TooManySubscriptions } from '../errors.js';
import type { HeaderNames } from '../headers/index.js';
import type { OperationContext } from '../operation.js';
import { overridesOf } from '../stages/plan.js';
import { Counts } from './counts.js';
import { deduplicationKey } from './deduplication-key.js';
import { SessionMonitor } from './session-monitor.js';
import { SubgraphSubscription, type UpstreamDependencies } from './subgraph-subscription.js';
import { Subscriber } from './subscriber.js';
import type { SubscriptionPrincipal, SubscriptionRequest } from './subscription-request.js';

/** How changes of callers are noticed while no event comes. */
export interface CallerChanges {
  readonly stamps: RevocationVersions;
  /** In ms. */
  readonly checkInterval: number;
}

interface SubscriptionsDependencies extends UpstreamDependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Left out where callers are what their tokens say. */
  readonly changes?: CallerChanges;
  readonly overrides: OverrideRollout;
  /** The client's headers that subgraphs get as they are. */
  readonly forwarded: HeaderNames;
  readonly config: CommonRouterConfig['subscriptions'];
  /** The engine that serves now. */
  readonly engine: () => Engine;
}

/** How long clients may take to read why their streams end, in ms. */
const GOODBYE = 2_000;

/** Within this time, in ms, the streams follow to a new engine one by one: subgraphs are not asked for all of them at once. */
const SPREAD = 1_000;

/** What a subscription is begun with. */
export type SubscriptionFact = 'caller' | 'claims' | 'organization' | 'engine' | 'request' | 'operation' | 'prepared';

/** Every stream of this process: who may begin one, which of them share an upstream, and when they end. */
export class Subscriptions {
  private readonly upstreams = new Set<SubgraphSubscription>();
  /** Those that others can join. */
  private readonly byKey = new Map<string, SubgraphSubscription>();
  private readonly subscribers = new Set<Subscriber>();
  private readonly ofCaller = new Counts<string>();
  private readonly ofConnection = new Counts<object>();
  private readonly watch: SessionMonitor | undefined;
  private stopping = false;

  constructor(private readonly parts: SubscriptionsDependencies) {
    const { changes, callers } = parts;
    this.watch =
      changes &&
      new SessionMonitor(callers, changes.stamps, changes.checkInterval, observeReading('session_changes', parts));
  }

  /** Streams that clients hold, and streams held of subgraphs for them. */
  get counts(): { readonly subscribers: number; readonly upstreams: number } {
    return { subscribers: this.subscribers.size, upstreams: this.upstreams.size };
  }

  /**
   * Begins the stream of an authorized subscription; undefined when the caller may not have its root field.
   * @throws TooManySubscriptions, ServerShuttingDown, and what the engine fails with.
   */
  async open(context: OperationContext<SubscriptionFact>): Promise<Subscriber | undefined> {
    const { engine, operation, prepared, caller, claims, organization, request, headers } = context;
    if (prepared.unauthorized.some(({ path }) => path.length === 1)) return undefined;
    if (this.stopping) throw new ServerShuttingDown();

    const subscriber = this.admit(context);
    const subscribed = {
      engine,
      operation,
      variables: prepared.variables,
      overrides: overridesOf(context, this.parts.overrides),
      request,
      claims,
      organization,
      headers: this.parts.forwarded.of(headers),
    };
    try {
      await this.join(subscriber, subscribed, { caller, rights: prepared.authorization }).opened;
    } catch (error) {
      await subscriber.return();
      throw error;
    }
    return subscriber;
  }

  /** Another engine serves from now on: what is streamed goes on there. */
  follow(): void {
    for (const upstream of this.upstreams) this.followLater(upstream);
  }

  /** Ends every stream with its reason, and gives the clients a moment to read it. */
  async stop(): Promise<void> {
    this.stopping = true;
    const ending = [...this.subscribers];
    for (const subscriber of ending) subscriber.end(new ServerShuttingDown());
    const deadline = performance.now() + GOODBYE;
    while (performance.now() < deadline && ending.some(({ drained }) => !drained)) await wait(10);
  }

  /** @throws TooManySubscriptions */
  private admit({ claims, clientIp, connection, signal }: OperationContext<'claims'>): Subscriber {
    const { buffer, bufferBytes, perCaller, perConnection } = this.parts.config;
    const caller = claims ? `user ${claims.subject}` : `network ${networkOf(clientIp ?? 'unknown')}`;
    if (this.ofCaller.of(caller) >= perCaller) throw new TooManySubscriptions(perCaller, 'caller');
    if (connection && this.ofConnection.of(connection) >= perConnection) {
      throw new TooManySubscriptions(perConnection, 'connection');
    }
    const subscriber = new Subscriber(buffer, bufferBytes, claims);
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

  private join(
    subscriber: Subscriber,
    subscribed: SubscriptionRequest,
    holder: SubscriptionPrincipal,
  ): SubgraphSubscription {
    const upstream = this.find(subscribed, holder);
    upstream.add(subscriber);
    return upstream;
  }

  private find(subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): SubgraphSubscription {
    const key = deduplicationKey(subscribed, holder);
    return this.byKey.get(key) ?? this.begin(key, subscribed, holder);
  }

  private begin(key: string, subscribed: SubscriptionRequest, holder: SubscriptionPrincipal): SubgraphSubscription {
    let joinedBy = key;
    const forget = () => {
      if (this.byKey.get(joinedBy) === upstream) this.byKey.delete(joinedBy);
    };
    const upstream: SubgraphSubscription = new SubgraphSubscription(this.parts, subscribed, holder, {
      move: (from, to, as) => this.move(from, to, as),
      onAdopted: (now, as) => {
        forget();
        joinedBy = deduplicationKey(now, as);
        if (!this.byKey.has(joinedBy)) this.byKey.set(joinedBy, upstream);
        if (now.engine !== this.parts.engine()) this.followLater(upstream);
      },
      onEmpty: () => {
        unwatch?.();
        forget();
        this.upstreams.delete(upstream);
      },
    });
    const { claims, organization } = subscribed;
    const principal = { claims, organization, tenantId: holder.caller.tenantId };
    const unwatch = this.watch?.watch(principal, (now) => void upstream.reconsider(now));
    this.upstreams.add(upstream);
    this.byKey.set(key, upstream);
    if (subscribed.engine !== this.parts.engine()) this.followLater(upstream);
    return upstream;
  }

  /** The old stream serves until the new one is open, so that nothing is missed in between. */
  private async move(
    from: SubgraphSubscription,
    subscribed: SubscriptionRequest,
    holder: SubscriptionPrincipal,
  ): Promise<void> {
    const to = this.find(subscribed, holder);
    if (to === from) return;
    try {
      await to.opened;
      if (to.abandoned) return await this.move(from, subscribed, holder);
      for (const subscriber of [...from.subscribers]) {
        to.add(subscriber);
        from.remove(subscriber);
      }
    } finally {
      to.closeIfUnused();
    }
    if (to.subscribed.engine !== this.parts.engine()) this.followLater(to);
  }

  private followLater(upstream: SubgraphSubscription): void {
    setTimeout(async () => {
      await upstream.opened.catch(() => {});
      const engine = this.parts.engine();
      if (upstream.subscribers.size > 0 && upstream.subscribed.engine !== engine) await upstream.follow(engine);
    }, Math.random() * SPREAD).unref();
  }
}
