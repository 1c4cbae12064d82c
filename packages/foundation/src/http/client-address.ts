import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Which hops in front of this process may say where a request comes from. */
export interface TrustedProxies {
  /** Addresses and networks (CIDR) of proxies that are believed. */
  readonly trusted: readonly string[];
  /** Nearest hops that are believed whatever their address is. */
  readonly hops: number;
  /** The one header that the proxies set; another one could come from the client. */
  readonly header: 'x-forwarded-for' | 'forwarded';
}

/** Whose request it is; undefined once the connection is gone. */
export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string | undefined;

/**
 * Walks from the connection towards the client, one hop at a time, for as long as the hop is believed. So what a client
 * writes into the header itself is never reached: it stands behind the address that the first trusted proxy saw.
 */
export function clientAddress({ trusted, hops, header }: TrustedProxies): ClientAddress {
  const networks = new BlockList();
  for (const network of trusted) addNetwork(networks, network);
  const believed = (address: string, hop: number): boolean =>
    hop < hops || networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return ({ headers, socket }) => {
    const nearest = plainAddress(socket.remoteAddress);
    if (nearest === undefined || (hops === 0 && trusted.length === 0)) return nearest;
    const value = headers[header];
    const text = typeof value === 'string' ? value : (value ?? []).join(',');
    const told = header === 'forwarded' ? forwardedFor(text) : text.split(',');
    let address = nearest;
    for (let hop = 0; hop < told.length && believed(address, hop); hop += 1) {
      const next = plainAddress(withoutPort(told[told.length - 1 - hop] ?? ''));
      if (next === undefined) return address;
      address = next;
    }
    return address;
  };
}

function addNetwork(networks: BlockList, network: string): void {
  const [address = '', length] = network.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  networks.addSubnet(address, Number(length ?? (family === 'ipv6' ? 128 : 32)), family);
}

/** The `for` of each hop of a Forwarded header (RFC 7239), in its order. */
const forwardedFor = (text: string): string[] =>
  text.split(',').map((hop) => {
    const pair = hop.split(';').find((each) => /^for=/i.test(each.trim()));
    return /^for=("?)([^"]+)\1$/i.exec(pair?.trim() ?? '')?.[2] ?? '';
  });

const withoutPort = (text: string): string =>
  /^\[([^\]]+)\](?::\d+)?$/.exec(text.trim())?.[1] ?? /^([\d.]+):\d+$/.exec(text.trim())?.[1] ?? text.trim();

/** The address in one spelling: IPv4 mapped into IPv6 is IPv4. Undefined for anything else than an address. */
function plainAddress(address: string | undefined): string | undefined {
  const plain = address && (/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address);
  return plain && isIP(plain) ? plain : undefined;
}
