import type { Supergraph } from '@platform/federation-engine';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { connectSubgraph } from '@platform/subgraph-client/balancing';
import type { SupergraphSource } from '../supergraphs/index.js';
import type { StandaloneConfig } from './config.js';

type Endpoint = ReturnType<typeof connectSubgraph>;

interface Connection {
  readonly key: string;
  readonly endpoint: Endpoint;
  /** Supergraphs that use it. */
  users: number;
}

/** What one supergraph's engine calls its subgraphs with. */
export interface OpenConnections {
  readonly endpoint: (subgraph: string) => Endpoint;
  /** Gives them back; those that no other supergraph uses are closed. */
  close(): void;
}

interface ConnectionsDependencies {
  readonly config: Pick<StandaloneConfig, 'router' | 'discovery'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly source?: SupergraphSource;
}

/** The pools to subgraphs, one per name and URL: a supergraph that replaces another goes on with its open connections. */
export class Connections {
  private readonly byPlace = new Map<string, Connection>();

  constructor(private readonly parts: ConnectionsDependencies) {}

  open({ subgraphs }: Supergraph): OpenConnections {
    const overrides = this.parts.config.router.subgraphs;
    const own = new Map(
      [...subgraphs].map(([name, { url }]) => {
        const chosen = overrides[name]?.url;
        return [name, this.take(name, chosen ?? url, chosen === undefined && this.parts.source?.foreign === true)];
      }),
    );
    return {
      endpoint: (name) => {
        const connection = own.get(name);
        if (!connection) throw new Error(`The supergraph has no subgraph named ${name}`);
        return connection.endpoint;
      },
      close: () => {
        for (const connection of own.values()) this.release(connection);
        own.clear();
      },
    };
  }

  private take(name: string, url: string, foreign: boolean): Connection {
    const key = `${name} ${url}`;
    let connection = this.byPlace.get(key);
    if (!connection) {
      const { config, logger, metrics } = this.parts;
      const maxResponseBytes = config.router.responses.perSubgraph;
      const endpoint = connectSubgraph(name, url, {
        config: config.discovery,
        logger,
        metrics,
        foreign,
        maxResponseBytes,
      });
      connection = { key, endpoint, users: 0 };
      this.byPlace.set(key, connection);
    }
    connection.users += 1;
    return connection;
  }

  private release(connection: Connection): void {
    connection.users -= 1;
    if (connection.users > 0) return;
    this.byPlace.delete(connection.key);
    void connection.endpoint.stop();
  }
}
