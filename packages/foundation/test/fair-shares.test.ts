import { type Asker, FairQueue } from '@platform/foundation/fair-shares';

const network = (key: string): Asker => ({ key, signedIn: false });
const user = (key: string): Asker => ({ key, signedIn: true });

describe('a queue in fair shares', () => {
  const taken = (queue: FairQueue<string>) => queue.drain().join(' ');

  it('gives turns to askers, however much each of them wants', () => {
    const queue = new FairQueue<string>(100);
    for (const item of ['a1', 'a2', 'a3']) queue.add(network('a'), item);
    queue.add(network('b'), 'b1');
    queue.add(network('c'), 'c1');
    expect(taken(queue)).toBe('a1 b1 c1 a2 a3');
  });

  it('gives every second turn to callers who signed in', () => {
    const queue = new FairQueue<string>(100);
    for (const key of ['a', 'b', 'c']) queue.add(network(key), key);
    for (const key of ['X', 'Y']) queue.add(user(key), key);
    expect(taken(queue)).toBe('X a Y b c');
  });

  it('lets whoever has used up less go first', () => {
    const queue = new FairQueue<string>(100);
    queue.charge(network('a'), 2_000);
    queue.charge(network('b'), 10);
    for (const key of ['a', 'b', 'c']) queue.add(network(key), key);
    expect(taken(queue)).toBe('c b a');
  });

  it('takes room from whoever has most, and tells of it', () => {
    const dropped: string[] = [];
    const queue = new FairQueue<string>(3, (item) => dropped.push(item));
    for (const item of ['a1', 'a2', 'a3']) expect(queue.add(network('a'), item)).toBe(true);
    expect(queue.add(network('a'), 'a4')).toBe(false);
    expect(queue.add(network('b'), 'b1')).toBe(true);
    expect(queue.add(network('b'), 'b2')).toBe(false);
    expect(queue.add(user('X'), 'X1')).toBe(true);
    expect(dropped).toEqual(['a3']);
    expect(taken(queue)).toBe('X1 a1 b1 a2');
  });

  it('forgets what waits no more', () => {
    const queue = new FairQueue<string>(1);
    queue.add(network('a'), 'a1');
    expect([queue.remove('a1'), queue.remove('a1'), queue.size]).toEqual([true, false, 0]);
    expect(queue.add(network('b'), 'b1')).toBe(true);
  });
});
