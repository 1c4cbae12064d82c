import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** A name that was not the operator's to choose leads to where nothing of ours is to go, such as a cloud's metadata service. */
export class NetworkRefused extends Error {
  override readonly name = 'NetworkRefused';
  /** What connections fail with that DNS cannot resolve: nobody tries another way. */
  readonly code = 'ENETREFUSED';

  constructor(host: string, address: string) {
    super(`${host === address ? host : `${host} (${address})`} is in a network that discovery.deniedNetworks names`);
  }
}

/** Decides about addresses at the moment when a connection is made, so that no name can change its mind in between. */
export interface DeniedNetworks {
  /** @throws NetworkRefused when the host is an address in one of the networks; names are left to `lookup`. */
  check(host: string): void;
  /** Looks up like the system does, and fails with NetworkRefused where any address is refused. */
  readonly lookup: LookupFunction;
}

/** @param networks addresses, or networks such as 169.254.0.0/16. */
export function deniedNetworks(networks: readonly string[]): DeniedNetworks {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(length ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  // An IPv4 address that is mapped into IPv6 is checked against IPv4 networks by BlockList itself.
  const refuses = (address: string): boolean => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return {
    check(host) {
      const address = host.replace(/^\[|\]$/g, '').split('%')[0] as string;
      if (isIP(address) && refuses(address)) throw new NetworkRefused(host, address);
    },
    lookup(host, options, done) {
      lookup(host, options, (error, found, family) => {
        const addresses = typeof found === 'string' ? [found] : (found?.map(({ address }) => address) ?? []);
        const bad = error ? undefined : addresses.find((address) => refuses(address.split('%')[0] as string));
        if (bad === undefined) return done(error, found, family);
        return done(new NetworkRefused(host, bad), '', 0);
      });
    },
  };
}
