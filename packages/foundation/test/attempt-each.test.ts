import { attemptEach } from '@platform/foundation/lifecycle';

describe('work for each item', () => {
  it('goes on after one that failed, and fails at its end', async () => {
    const done: number[] = [];
    const work = async (item: number): Promise<void> => {
      if (item === 1) throw new Error('no');
      done.push(item);
    };
    await expect(attemptEach([1, 2, 3], work)).rejects.toThrow('1 failed: Error: no');
    expect(done).toEqual([2, 3]);
    await expect(attemptEach([2], work)).resolves.toBeUndefined();
  });
});
