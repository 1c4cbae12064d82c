import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { redact, redactText } from './redact.js';
import { type RequestContext, requestContext } from './request-context.js';

/** How much is logged, and whether for programs or for people. */
export interface LoggingConfig {
  readonly level: LevelWithSilent;
  readonly format: 'json' | 'pretty';
}

export interface LoggerOptions {
  /** The process, on each line. */
  name?: string;
  /** Standard output by default. */
  destination?: DestinationStream;
}

/** A logger whose every line carries the request it belongs to and no secret. */
export function createLogger(
  config: LoggingConfig,
  { name, destination = pino.destination({ dest: 1, sync: true }) }: LoggerOptions = {},
): Logger {
  return pino(
    {
      name,
      level: config.level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: (_fields, _level, logger) => requestFields(logger),
      formatters: {
        level: (label) => ({ level: label }),
        bindings: redactMap,
        log: redactMap,
      },
      serializers: { err: (error) => error }, // already taken apart by `redact`
      // The last look at each line: secrets inside messages, stack traces and other free text.
      hooks: { streamWrite: redactText },
    },
    config.format === 'pretty' ? prettyStream(destination) : destination,
  );
}

const redactMap = (map: object): Record<string, unknown> => redact(map) as Record<string, unknown>;

function requestFields(logger: Logger): object {
  const context = requestContext.current() ?? ({} as Partial<RequestContext>);
  const { requestId, serverRequestId, traceId, userId, tenantId, module, operation, operationHash } = context;
  return {
    requestId,
    serverRequestId,
    traceId,
    userId,
    apiKeyId: context.apiKeyId,
    serviceAccountId: context.serviceAccountId,
    tenantId,
    operation,
    operationHash,
    ...(!isOfModule(logger) && { module }),
  };
}

const modules = new WeakMap<Logger, boolean>();

/** Whether the logger itself says the module on each line: a line would have it twice. Looked up once, for bindings are kept as text. */
function isOfModule(logger: Logger): boolean {
  let bound = modules.get(logger);
  if (bound === undefined) {
    bound = 'module' in logger.bindings();
    modules.set(logger, bound);
  }
  return bound;
}

function prettyStream(destination: DestinationStream): DestinationStream {
  const format = prettyFactory({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  return { write: (line) => void destination.write(format(line)) };
}
