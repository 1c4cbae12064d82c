import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@platform/foundation/clock';
import { checkedKey } from './blob-key.js';
import type { BlobContent, BlobLink } from './blob-store.js';

/** What a link permits. */
export type Permitted =
  | { readonly method: 'GET'; readonly key: string; readonly type: string }
  | ({ readonly method: 'PUT'; readonly key: string } & BlobContent);

/** The parameters of a link. */
export interface LinkQuery {
  readonly type?: string;
  readonly size?: string;
  readonly expires?: string;
  readonly signature?: string;
}

/** Links to this process, signed with HMAC-SHA256 over everything that they permit. */
export class PresignedUrls {
  private readonly secret: Buffer;

  constructor(
    private readonly options: {
      /** Where clients reach the process, or one that passes requests on to it. */
      readonly baseUrl: string;
      /** In ms. */
      readonly lifetime: number;
      /** What the key of the signatures is derived from. */
      readonly secret: string;
      readonly clock: Clock;
    },
  ) {
    this.secret = Buffer.from(hkdfSync('sha256', options.secret, '', 'blob links', 32));
  }

  /** Ends at one of two moments of each lifetime: those who ask between them are given the same link. */
  presign(permitted: Permitted): BlobLink {
    const half = this.options.lifetime / 2;
    const expires = Math.floor(((Math.floor(this.options.clock.now().getTime() / half) + 2) * half) / 1000);
    const query = new URLSearchParams({
      type: permitted.type,
      ...(permitted.method === 'PUT' && { size: String(permitted.size) }),
      expires: String(expires),
      signature: this.signature(permitted, expires),
    });
    const url = `${this.options.baseUrl}/blobs/${checkedKey(permitted.key)}?${query}`;
    return { url, expiresAt: new Date(expires * 1000) };
  }

  /** What a request's link permits, and for how long, in ms; undefined when it is not good. */
  verify(method: string, key: string, query: LinkQuery): { permitted: Permitted; left: number } | undefined {
    const expires = Number(query.expires);
    const left = expires * 1000 - this.options.clock.now().getTime();
    if (!Number.isSafeInteger(expires) || left <= 0) return undefined;
    const type = String(query.type);
    const permitted: Permitted =
      method === 'PUT' ? { method, key, type, size: Number(query.size) } : { method: 'GET', key, type };
    const [given, expected] = [Buffer.from(String(query.signature)), Buffer.from(this.signature(permitted, expires))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return { permitted, left };
  }

  private signature(permitted: Permitted, expires: number): string {
    const size = permitted.method === 'PUT' ? permitted.size : null;
    const signed = [permitted.method, permitted.key, permitted.type, size, expires];
    return createHmac('sha256', this.secret).update(JSON.stringify(signed)).digest('base64url');
  }
}
