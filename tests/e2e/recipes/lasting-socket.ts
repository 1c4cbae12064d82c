import { type ClientOptions, createClient } from 'graphql-ws';

const FORBIDDEN = 4403;
const LONGEST_PAUSE = 30_000;

/** A client that comes back after whatever has cut it off, except with a token that is not good. By default it gives up. */
export const lastingSocket = (options: ClientOptions) =>
  createClient({
    ...options,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (closed) => (closed as { code?: number }).code !== FORBIDDEN,
    retryWait: async (retries) => {
      const pause = Math.min(500 * 2 ** retries, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
    },
  });
