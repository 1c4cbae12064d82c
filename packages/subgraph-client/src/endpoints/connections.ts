import type { DeniedNetworks } from '@platform/foundation/outbound';
import { buildConnector } from 'undici';
import { WebSocket } from 'ws';
import type { RequestSigner } from '../signatures/index.js';

/** How one is known to a subgraph, and it to us (mutual TLS). */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name in the subgraph's certificate, where it differs from the URL's host. */
  readonly servername?: string;
}

/** How connections to a subgraph are made, whatever they are for. */
export interface ConnectionOptions {
  /** Certificates for https, in PEM: whom to believe, and what to show. */
  readonly tls?: TlsOptions;
  /** Where no connection may lead; left out where the operator has named the place. */
  readonly networks?: DeniedNetworks;
  /** Left out where requests are not signed. */
  readonly signer?: RequestSigner;
}

/** In ms. */
const CONNECT_TIMEOUT = 3_000;

/** Makes the connections of a pool. */
export function poolConnector({ tls, networks }: ConnectionOptions): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT, ...tls, ...(networks && { lookup: networks.lookup }) });
  if (!networks) return connect;
  return (options, done) => {
    try {
      networks.check(options.hostname);
    } catch (error) {
      return done(error as Error, null);
    }
    connect(options, done);
  };
}

/** Opens sockets by the same rules; the request that opens one is signed like any other. @param maxPayload of a message, in bytes. */
export function webSocketClass(
  { tls, networks, signer }: ConnectionOptions,
  maxPayload: number,
): new (
  url: string,
  protocols: string,
) => WebSocket {
  return class extends WebSocket {
    constructor(url: string, protocols: string) {
      const { pathname } = new URL(url);
      super(url, protocols, {
        ...tls,
        ...(networks && { lookup: networks.lookup }),
        headers: signer?.headersFor({ method: 'GET', path: pathname, headers: {}, body: '' }),
        handshakeTimeout: CONNECT_TIMEOUT,
        maxPayload,
      });
      this.on('error', () => {}); // also one that is given up before it is open
    }
  };
}
