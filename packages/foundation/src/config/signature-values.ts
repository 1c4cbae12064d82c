import { z } from 'zod';

/** How requests between the router and a subgraph are signed (RFC 9421). */
export const signatureAlgorithm = z.enum(['ed25519', 'hmac-sha256']);

/** What a key is called in signatures: text that needs no quoting. */
export const keyName = z.string().regex(/^[\w.:/+=-]{1,128}$/, 'must be letters, digits and .:/+=_-');
