import { tracingChannel } from 'node:diagnostics_channel';
import { ATTR_DB_OPERATION_NAME, ATTR_DB_SYSTEM_NAME, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from './attributes.js';
import { type OpenSpan, openSpan } from './spans.js';

/** What ioredis tells of a command on its tracing channel. */
interface RedisCommand {
  readonly command: string;
  readonly serverAddress?: string;
  readonly serverPort?: number;
  readonly error?: unknown;
}

/** Makes a span of every Redis command; their arguments stay out of it. Answers how to stop. */
export function traceRedis(): () => void {
  const channel = tracingChannel<unknown, RedisCommand>('ioredis:command');
  const open = new WeakMap<RedisCommand, OpenSpan>();
  const end = (command: RedisCommand): void => {
    open.get(command)?.end({}, command.error);
    open.delete(command);
  };
  const subscribers = {
    start: (command: RedisCommand) => {
      const { serverAddress, serverPort } = command;
      const attributes = {
        [ATTR_DB_SYSTEM_NAME]: 'redis',
        [ATTR_DB_OPERATION_NAME]: command.command,
        [ATTR_SERVER_ADDRESS]: serverAddress,
        [ATTR_SERVER_PORT]: serverPort,
      };
      const span = openSpan(`redis ${command.command}`, { kind: 'client', attributes });
      if (span) open.set(command, span);
    },
    asyncEnd: end,
    error: end,
  };
  channel.subscribe(subscribers as Parameters<typeof channel.subscribe>[0]);
  return () => void channel.unsubscribe(subscribers as Parameters<typeof channel.unsubscribe>[0]);
}
