import { type CloudEvent, defineEvent, type EventBus, EventMetrics } from '@platform/events';
import { ErrorBus } from '@platform/foundation/errors';
import { Metrics } from '@platform/foundation/metrics';
import { type EventHandler, InboxConsumer, onEvent } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { TestDatabase } from '@platform/testkit';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { config, openSchema } from '../open-schema.js';

export const counted = defineEvent({
  type: 'blog.test.counted',
  resource: 'thing',
  data: z.object({ count: z.number() }),
});
export const other = defineEvent({ type: 'blog.test.other', resource: 'thing', data: z.object({ count: z.number() }) });

/** The event as its outbox would have it; `subject` is the aggregate. */
export const testEvent = (subject: string, count: unknown, { type } = counted): CloudEvent => ({
  specversion: '1.0',
  id: uuidv7(),
  source: '/blog',
  type,
  subject,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  dataschema: `${type}/v1`,
  tenantid: config.platform.tenantId,
  resource: 'thing',
  outcome: 'SUCCESS',
  data: { count },
});

/** What a bus is under this suite: its instances share what they carry, as the processes of one installation do. */
export interface BusUnderTest {
  /** A bus of one process. `begin` has its subscribers and listeners get what is published from then on. */
  instance(): { bus: EventBus; begin(): Promise<void> };
  /** After each test. */
  end(): Promise<void>;
}

/** What hears of each `counted` event. */
export const onCounted = (
  handle: (count: number, subject: string) => Promise<void>,
  name = 'test.counted',
): EventHandler => onEvent(name, counted, ({ data, subject }) => handle(data.count, subject));

/** What the parts of the suite work with. */
export type BusFixtures = ReturnType<typeof useBus>;

/** A new bus and a real database for each test. */
export function useBus(make: () => BusUnderTest) {
  let test: TestDatabase;
  let admin: pg.Client;
  let database: Database;
  let metrics: Metrics;
  let underTest: BusUnderTest;

  beforeEach(async () => {
    metrics = new Metrics();
    ({ test, database, admin } = await openSchema(metrics));
    underTest = make();
  });

  afterEach(async () => {
    await underTest.end();
    await database.stop();
    await admin.end();
    await test.drop();
  });

  const instance = () => underTest.instance();

  const consumer = (handler: EventHandler, group = 'blog'): InboxConsumer =>
    new InboxConsumer(group, handler, database, config.events, { errors: new ErrorBus(), metrics });

  /** A bus that has begun, with the handlers. */
  const started = async (...handlers: EventHandler[]): Promise<EventBus> => {
    const { bus, begin } = instance();
    for (const handler of handlers) bus.consume(consumer(handler));
    await begin();
    return bus;
  };

  const absorbed = async (): Promise<number> => {
    const { values } = await metrics.of(EventMetrics).eventsAbsorbed.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  };

  const query = (statement: string) => admin.query(statement);

  return { instance, consumer, started, absorbed, query };
}
