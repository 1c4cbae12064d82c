export type { DestinationStream, Logger } from 'pino';
export { createLogger, type LoggerOptions } from './create-logger.js';
export { redact, redactText } from './redact.js';
export { type RequestContext, requestContext } from './request-context.js';
