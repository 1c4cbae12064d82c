import { createStackParser, createTransport, Scope, type Transport } from '@sentry/core';
import { nodeStackLineParser, ServerRuntimeClient } from '@sentry/core/server';
import { redactText } from '../logging/index.js';
import { outboundRequest } from '../outbound/index.js';
import type { ErrorSink } from './error-bus.js';

const FLUSH_TIMEOUT = 2_000;
const SEND_TIMEOUT = 10_000;
/** Of Sentry's answer, which is an event's id. */
const LARGEST_ANSWER = 64 * 1024;

/** What is running where. */
export interface SentryRelease {
  readonly environment: string;
  readonly release: string;
}

/** Sends reports with the request, user, tenant and module as tags. Messages are redacted before they leave. */
export function sentryClient(dsn: string, { environment, release }: SentryRelease): ErrorSink {
  const client = new ServerRuntimeClient({
    dsn,
    environment,
    release,
    integrations: [],
    stackParser: createStackParser(nodeStackLineParser()),
    transport: httpTransport,
  });
  client.init();

  return async ({ error, context: { userId, ...tags } }) => {
    const scope = new Scope();
    if (userId) scope.setUser({ id: userId });
    scope.setTags({ requestId: tags.requestId, tenantId: tags.tenantId, traceId: tags.traceId, module: tags.module });
    client.captureException(redacted(error), undefined, scope);
    await client.flush(FLUSH_TIMEOUT);
  };
}

const httpTransport = (options: Parameters<typeof createTransport>[0] & { url: string }): Transport =>
  createTransport(options, async ({ body }) => {
    const { status, headers } = await outboundRequest(options.url, {
      method: 'POST',
      body,
      timeout: SEND_TIMEOUT,
      maxBytes: LARGEST_ANSWER,
    });
    return {
      statusCode: status,
      headers: {
        'x-sentry-rate-limits': headers['x-sentry-rate-limits'] ?? null,
        'retry-after': headers['retry-after'] ?? null,
      },
    };
  });

function redacted(error: unknown): Error {
  const original = error instanceof Error ? error : new Error(String(error));
  const copy = new Error(redactText(original.message));
  copy.name = original.name;
  copy.stack = original.stack && redactText(original.stack);
  return copy;
}
