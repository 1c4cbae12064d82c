import { Periodic } from '@platform/foundation/lifecycle';
import { createLogger } from '@platform/foundation/logging';
import { eventually } from '@platform/testkit';

describe('periodic work', () => {
  const logger = createLogger({ level: 'silent', format: 'json' });
  const options = { name: 'test', interval: 5, failure: 'test failed', logger };

  it('is not begun again while it runs, and is waited for when the process stops', async () => {
    let begun = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    let ended = false;
    const periodic = new Periodic(async () => {
      begun += 1;
      await promise;
      ended = true;
    }, options);
    await periodic.start();
    await eventually(() => expect(begun).toBe(1));
    const [stopped] = [periodic.stop(), resolve()];
    await stopped;
    expect([begun, ended]).toEqual([1, true]);
  });

  it('goes on after a failure', async () => {
    let begun = 0;
    const periodic = new Periodic(async () => {
      begun += 1;
      throw new Error('not this time');
    }, options);
    await periodic.start();
    await eventually(() => expect(begun).toBeGreaterThan(2));
    await periodic.stop();
  });
});
