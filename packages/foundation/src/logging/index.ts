export type { Logger } from 'pino';
export { createLogger, type LoggingConfig } from './create-logger.js';
export { redactText } from './redact.js';
export { type RequestContext, requestContext } from './request-context.js';
