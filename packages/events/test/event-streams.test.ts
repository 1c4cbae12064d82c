import { type CloudEvent, defineEvent, EventStreams, InProcessBus } from '@platform/events';
import { z } from 'zod';

const happened = defineEvent({ type: 'test.happened', resource: 'thing', data: z.object({ count: z.number() }) });

const event = (count: unknown, type = happened.type): CloudEvent => ({
  specversion: '1.0',
  id: `event-${count}`,
  source: '/test',
  type,
  subject: 'thing-1',
  time: '2026-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  dataschema: `${type}/v1`,
  tenantid: 'tenant',
  resource: 'thing',
  outcome: 'SUCCESS',
  data: { count },
});

describe('EventStreams', () => {
  it('tell every reader of the events of their kind from now on, and nobody who has left', async () => {
    const bus = new InProcessBus();
    const live = new EventStreams(bus, [happened], 10);
    await bus.publish([event(0)]);
    const [one, other, gone] = [live.of(happened), live.of(happened), live.of(happened)];
    await gone.return?.();
    await bus.publish([event(1), event(2, 'test.other'), event('no number'), event(3)]);

    for (const reader of [one, other]) {
      expect((await reader.next()).value?.data).toEqual({ count: 1 });
      expect((await reader.next()).value?.data).toEqual({ count: 3 });
    }
    expect(await gone.next()).toMatchObject({ done: true });
  });

  it('fail a reader who is too slow, and only that one', async () => {
    const bus = new InProcessBus();
    const live = new EventStreams(bus, [happened], 2);
    const [slow, quick] = [live.of(happened), live.of(happened)];
    for (let count = 1; count <= 3; count += 1) {
      await bus.publish([event(count)]);
      expect((await quick.next()).value?.data).toEqual({ count });
    }
    await expect(slow.next()).rejects.toMatchObject({ extensions: { code: 'SUBSCRIPTION_OVERFLOW' } });
  });

  it('hear an event once, after every subscriber has it, however often it had to be published', async () => {
    const bus = new InProcessBus();
    const reader = new EventStreams(bus, [happened], 10).of(happened);
    let failures = 2;
    bus.consume({
      group: 'unsteady',
      types: 'all',
      handleBatch: async () => {
        if (failures-- > 0) throw new Error('not yet');
        return [];
      },
    });
    await expect(bus.publish([event(1)])).rejects.toThrow('not yet');
    await expect(bus.publish([event(1)])).rejects.toThrow('not yet');
    await bus.publish([event(1)]);
    await bus.publish([event(2)]);
    expect((await reader.next()).value?.data).toEqual({ count: 1 });
    expect((await reader.next()).value?.data).toEqual({ count: 2 });
  });
});
