import { networkOf } from '@platform/foundation/fair-shares';

/** How many long-lived connections clients may hold. */
export interface ConnectionBounds {
  /** Of one network (IPv4 address, IPv6 /64), and of one user who signed in. */
  readonly perNetwork: number;
  /** In all: of anonymous clients, and as many again of those who signed in. */
  readonly total: number;
}

/** A place for one connection. */
export interface Place {
  leave(): void;
}

/** Places of one kind of holders. */
class Places {
  private readonly held = new Map<string, number>();
  private total = 0;

  constructor(private readonly bounds: ConnectionBounds) {}

  /** A place; or what is full: the holder's share, or everything. */
  take(holder: string): Place | 'holder' | 'all' {
    const held = this.held.get(holder) ?? 0;
    if (held >= this.bounds.perNetwork) return 'holder';
    if (this.total >= this.bounds.total) return 'all';
    this.held.set(holder, held + 1);
    this.total += 1;
    let left = false;
    return {
      leave: () => {
        if (left) return;
        left = true;
        this.total -= 1;
        const rest = (this.held.get(holder) ?? 0) - 1;
        if (rest > 0) this.held.set(holder, rest);
        else this.held.delete(holder);
      },
    };
  }
}

/** Who holds connections of one kind. Callers who signed in have places of their own: nobody without a name keeps them out. */
export class OpenConnections {
  private readonly anonymous: Places;
  private readonly signedIn: Places;
  private readonly ungreeted: Places;

  constructor(bounds: ConnectionBounds) {
    this.anonymous = new Places(bounds);
    this.signedIn = new Places(bounds);
    this.ungreeted = new Places(bounds);
  }

  /** Of a client that has yet to say who it is, and has not long for it. */
  ofUngreeted(clientIp = 'unknown'): Place | 'holder' | 'all' {
    return this.ungreeted.take(networkOf(clientIp));
  }

  ofNetwork(clientIp = 'unknown'): Place | 'holder' | 'all' {
    return this.anonymous.take(networkOf(clientIp));
  }

  ofUser(subject: string): Place | 'holder' | 'all' {
    return this.signedIn.take(subject);
  }
}
