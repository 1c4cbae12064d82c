import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the request that the running code belongs to. */
export interface RequestContext {
  requestId: string;
  /** This process's own, where the client chose the request id: two requests may have the same one of those. */
  serverRequestId?: string;
  traceId?: string;
  userId?: string;
  /** The API key by which a machine calls, and the service account that it is. */
  apiKeyId?: string;
  serviceAccountId?: string;
  tenantId?: string;
  module?: string;
  clientIp?: string;
  userAgent?: string;
  /** The operation's name. */
  operation?: string;
  /** SHA-256 of its document, in hex. */
  operationHash?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The request that the running code belongs to, without handing it through every call. */
export const requestContext = {
  /** Runs `work`, and whatever it awaits, inside a copy of the context. */
  run: <T>(context: RequestContext, work: () => T): T => storage.run({ ...context }, work),

  current: (): Readonly<RequestContext> | undefined => storage.getStore(),

  /** Adds what was learnt of the current request, its user for example; outside a request nothing happens. */
  extend: (learnt: Partial<RequestContext>): void => {
    const context = storage.getStore();
    if (context) Object.assign(context, learnt);
  },
};
