import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a URL. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

/** How a random secret is kept: it has so much entropy that a plain SHA-256 cannot be reversed. */
export const secretHash = (secret: string): Buffer => createHash('sha256').update(secret).digest();
