import { outboundRequest } from '@platform/foundation/outbound';
import type { CustomFetch } from 'openid-client';
import { isLoopback } from './loopback.js';

/** For one request to a provider, in ms. */
const TIMEOUT_MS = 4_000;

const MAX_BYTES = 256 * 1024;

/** Requests to providers, bounded and without redirects. What a provider names is asked by https, or on this machine where the provider is. */
export const outboundFetch =
  (issuer: URL): CustomFetch =>
  async (url, { method, headers, body, signal }) => {
    const { protocol, hostname } = new URL(url);
    const local = isLoopback(hostname);
    if (local !== isLoopback(issuer.hostname) || (protocol !== 'https:' && !local))
      throw new Error(`${issuer.origin} names ${url}, which is not asked`);
    const answer = await outboundRequest(url, {
      method: method as 'GET' | 'POST',
      headers,
      body: body == null ? undefined : String(body),
      signal,
      timeout: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    });
    return new Response(answer.text === '' ? null : answer.text, { status: answer.status, headers: answer.headers });
  };
