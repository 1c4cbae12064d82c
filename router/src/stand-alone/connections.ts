import { HttpEndpoint } from '@platform/kernel/endpoints';
import type { Supergraph } from '../engine/index.js';
import type { StandAloneConfig } from './config.js';

interface Connection {
  readonly endpoint: HttpEndpoint;
  /** Supergraphs that use it. */
  users: number;
}

/** What one supergraph's engine calls its subgraphs with. */
export interface OpenConnections {
  readonly endpoint: (subgraph: string) => HttpEndpoint;
  /** Gives them back; those that no other supergraph uses are closed. */
  close(): void;
}

/** The pools to subgraphs, one per URL: a supergraph that replaces another goes on with its open connections. */
export class Connections {
  private readonly byUrl = new Map<string, Connection>();

  constructor(private readonly overrides: StandAloneConfig['router']['subgraphs']) {}

  open({ subgraphs }: Supergraph): OpenConnections {
    const urls = new Map([...subgraphs].map(([name, { url }]) => [name, this.overrides[name]?.url ?? url]));
    const own = new Map([...new Set(urls.values())].map((url) => [url, this.take(url)]));
    return {
      endpoint: (name) => {
        const connection = own.get(urls.get(name) ?? '');
        if (!connection) throw new Error(`The supergraph has no subgraph named ${name}`);
        return connection.endpoint;
      },
      close: () => {
        for (const [url, connection] of own) this.release(url, connection);
        own.clear();
      },
    };
  }

  private take(url: string): Connection {
    let connection = this.byUrl.get(url);
    if (!connection) {
      connection = { endpoint: new HttpEndpoint(url), users: 0 };
      this.byUrl.set(url, connection);
    }
    connection.users += 1;
    return connection;
  }

  private release(url: string, connection: Connection): void {
    connection.users -= 1;
    if (connection.users > 0) return;
    this.byUrl.delete(url);
    void connection.endpoint.stop();
  }
}
