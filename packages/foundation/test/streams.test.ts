import { Channel, filterMap, flatMap, HEARTBEAT, withHeartbeats } from '@platform/foundation/streams';

describe('Channel', () => {
  it('hands values over in order, also to who waited for them', async () => {
    const channel = new Channel<number>(10);
    const first = channel.next();
    for (const value of [1, 2, 3]) expect(channel.push(value)).toBe(true);
    channel.end(4);
    expect(await first).toEqual({ value: 1, done: false });
    const rest: number[] = [];
    for await (const value of channel) rest.push(value);
    expect(rest).toEqual([2, 3, 4]);
  });

  it('takes no more than its capacity, and lets a writer wait for room', async () => {
    const channel = new Channel<number>(1);
    expect([channel.push(1), channel.push(2)]).toEqual([true, false]);
    let written = false;
    const writing = channel.write(2).then(() => {
      written = true;
    });
    await Promise.resolve();
    expect(written).toBe(false);
    await channel.next();
    await writing;
    expect(await channel.next()).toEqual({ value: 2, done: false });
  });

  it('hands over in batches what waits, and ends with them', async () => {
    const channel = new Channel<number>(10);
    const batches = channel.inBatches();
    const first = batches.next();
    for (const value of [1, 2, 3]) channel.push(value);
    channel.end(4);
    expect([await first, await batches.next(), await batches.next()]).toEqual([
      { value: [1, 2, 3, 4], done: false },
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  it('tells once that it is closed, ends who waits, and fails who reads after a failure', async () => {
    let closed = 0;
    const channel = new Channel<number>(1, () => {
      closed += 1;
    });
    const waiting = channel.next();
    await channel.return();
    channel.end();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(closed).toBe(1);

    const failing = new Channel<number>(1);
    failing.push(1);
    failing.fail(new Error('lost'));
    await expect(failing.next()).rejects.toThrow('lost');
    expect(await failing.next()).toMatchObject({ done: true });
  });
});

describe('filterMap', () => {
  it('leaves out what it makes nothing of, and leaves its source at once', async () => {
    const source = new Channel<number>(10);
    const even = filterMap(source, (value) => (value % 2 === 0 ? value * 10 : undefined));
    for (const value of [1, 2, 3, 4]) source.push(value);
    expect([(await even.next()).value, (await even.next()).value]).toEqual([20, 40]);
    const waiting = even.next();
    await even.return?.();
    expect(await waiting).toMatchObject({ done: true });
    expect(source.closed).toBe(true);
  });

  it('tells one by one what is made of a batch', async () => {
    const source = new Channel<number>(10);
    for (const value of [1, 2, 3]) source.push(value);
    source.end();
    const told: number[] = [];
    for await (const value of flatMap(source.inBatches(), async (batch) => batch.flatMap((each) => [each, -each]))) {
      told.push(value);
    }
    expect(told).toEqual([1, -1, 2, -2, 3, -3]);
  });

  it('leaves its source when the mapping fails', async () => {
    const source = new Channel<number>(1);
    source.push(1);
    const failing = filterMap(source, () => {
      throw new Error('unmappable');
    });
    await expect(failing.next()).rejects.toThrow('unmappable');
    expect(source.closed).toBe(true);
  });
});

describe('withHeartbeats', () => {
  it('fills silence, loses no value and passes the end on', async () => {
    const source = new Channel<string>(1);
    const stream = withHeartbeats(source, 5);
    expect((await stream.next()).value).toBe(HEARTBEAT);
    expect((await stream.next()).value).toBe(HEARTBEAT);
    source.push('value');
    expect((await stream.next()).value).toBe('value');
    source.end();
    expect(await stream.next()).toMatchObject({ done: true });
  });
});
