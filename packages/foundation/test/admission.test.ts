import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';
import { AdaptiveLimit, Admission, type Admitted } from '@platform/foundation/admission';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { eventually } from '@platform/testkit';

const signedIn = (key: string) => ({ key, signedIn: true });
const anonymous = (key: string) => ({ key, signedIn: false });

/** The limit of a loop that is always busy. */
function loweredTo(value: number): AdaptiveLimit {
  const limit = new AdaptiveLimit(() => 1);
  while (limit.value > value) limit.turn({ running: limit.value });
  return limit;
}

describe('AdaptiveLimit', () => {
  it('finds how many are too many for a busy loop, and forgets it when there is time', () => {
    let busy = 1;
    const limit = new AdaptiveLimit(() => busy);
    limit.note(100);
    limit.turn();
    expect(limit.value).toBe(80);
    for (let turn = 0; turn < 50; turn += 1) {
      limit.note(limit.value);
      limit.turn();
    }
    expect(limit.value).toBe(4);

    busy = 0.95;
    limit.turn();
    expect(limit.value).toBe(4);
    busy = 0.8;
    limit.turn({ isHeldBack: true });
    expect(limit.value).toBe(4);

    busy = 0.5;
    for (let turn = 0; turn < 50; turn += 1) limit.turn();
    expect(limit.value).toBe(1000);
  });

  it('is not lowered by what keeps the loop busy besides those who run, nor where they take no longer than usual', () => {
    const limit = new AdaptiveLimit(() => 1);
    limit.turn();
    expect(limit.value).toBe(1000);
    limit.turn({ running: 300, areSlow: false });
    expect(limit.value).toBe(1000);
    limit.turn({ running: 300 });
    expect(limit.value).toBe(240);
  });

  it('knows a busy event loop from one that waits', async () => {
    const limit = new AdaptiveLimit();
    limit.note(10);
    for (const until = performance.now() + 50; performance.now() < until; );
    expect(limit.turn()).toBe(false);
    await eventually(async () => expect(limit.turn()).toBe(true));
  });
});

describe('Admission', () => {
  const metrics = new Metrics();
  const logger = createLogger({ level: 'silent', format: 'json' });
  let admission: Admission;
  let places: Admitted[];

  /** With four places, all taken, and a room for those who wait that is full of strangers. */
  beforeEach(async () => {
    admission = new Admission({ enabled: true, metrics, logger, limit: loweredTo(4) });
    places = await Promise.all(['a', 'b', 'c', 'd'].map((key) => admission.enter(anonymous(key))));
  });
  afterEach(() => admission.stop());

  const crowd = (length: number) =>
    Array.from({ length }, (_, index) => Promise.resolve(admission.enter(anonymous(`network ${index}`))));

  it('lets a crowd wait that can be served soon', async () => {
    const served = crowd(50).map((entry) => entry.then((place) => place.leave()));
    await wait(500);
    for (const place of places) place.leave();
    await expect(Promise.all(served)).resolves.toHaveLength(50);
  });

  it('refuses at once who would wait longer than that, and from then on longer than others take', async () => {
    const waiting = Promise.allSettled(crowd(1_500));
    expect(admission.refusal(anonymous('another'))).toMatchObject({ extensions: { retryAfter: 1 } });
    expect(admission.refusal(signedIn('ada'))).toBeUndefined();
    const refused = (await waiting).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(1_500);
    expect(refused[0]).toMatchObject({ reason: { code: 'SERVICE_BUSY' } });

    const more = crowd(100);
    await expect(Promise.race(more)).rejects.toMatchObject({ code: 'SERVICE_BUSY' });
    await Promise.allSettled(more);
  });

  it('drops who has waited for too long, while nobody leaves', async () => {
    await expect(admission.enter(signedIn('ada'))).rejects.toMatchObject({ code: 'SERVICE_BUSY' });
  });

  it('lets who signed in go before a crowd without a name', async () => {
    const order: string[] = [];
    const note = (name: string) => (place: Admitted) => {
      order.push(name);
      place.leave();
    };
    const all = [
      ...crowd(10).map((entry) => entry.then(note('crowd'))),
      Promise.resolve(admission.enter(signedIn('ada'))).then(note('ada')),
    ];
    for (const place of places) place.leave();
    await Promise.allSettled(all);
    expect(order.indexOf('ada')).toBeLessThan(2);
  });

  it('keeps places for what must be possible always, no more than that, and not all of them for one', () => {
    const own = Array.from({ length: 20 }, () => admission.enterReserved(anonymous('one network')));
    expect(own.filter((place) => place !== undefined)).toHaveLength(4);
    const others = Array.from({ length: 20 }, (_, index) => admission.enterReserved(anonymous(`network ${index}`)));
    expect(others.filter((place) => place !== undefined)).toHaveLength(4);
    own[0]?.leave();
    own[0]?.leave();
    expect(admission.enterReserved(anonymous('one network'))).toBeDefined();
    expect(admission.enterReserved(anonymous('another'))).toBeUndefined();
  });

  it('gives the place of somebody who has gone to nobody', async () => {
    const gone = new AbortController();
    const entry = admission.enter(signedIn('ada'), gone.signal);
    gone.abort(new Error('gone'));
    await expect(entry).rejects.toThrow('gone');
    for (const place of places) place.leave();
    expect(admission.enter(anonymous('e'))).not.toBeInstanceOf(Promise);
  });

  it('gives anonymous operations a sixteenth of the places beside somebody who signed in, and time in turns', async () => {
    for (const place of places) place.leave();
    const ada = await admission.enter(signedIn('ada'));
    const begun: Admitted[] = [];
    const all = crowd(2).map((entry) => entry.then((place) => begun.push(place)));
    await wait(100);
    expect(begun).toHaveLength(1);

    begun[0]?.leave();
    await wait(20);
    expect(begun).toHaveLength(1);
    await Promise.all(all);
    ada.leave();
  });
});

describe('an anonymous operation that is held back', () => {
  const options = { metrics: new Metrics(), logger: createLogger({ level: 'silent', format: 'json' }) };

  it('lets nobody wait who signed in', async () => {
    const admission = new Admission({ enabled: true, ...options, limit: loweredTo(8) });
    await admission.enter(signedIn('ada'));
    for (const key of ['a', 'b', 'c']) void admission.enter(anonymous(key));
    for (const key of ['bob', 'cyd', 'dan', 'eve']) {
      await immediate();
      const since = performance.now();
      await admission.enter(signedIn(key));
      expect(performance.now() - since).toBeLessThan(50);
    }
    admission.stop();
  });

  it('is none as long as the process has time', async () => {
    const admission = new Admission({ enabled: true, ...options, limit: new AdaptiveLimit(() => 0) });
    await admission.enter(signedIn('ada'));
    const all = Array.from({ length: 450 }, (_, index) => admission.enter(anonymous(`network ${index}`)));
    await expect(Promise.all(all)).resolves.toHaveLength(450);
    admission.stop();
  });
});

it('lets few of a crowd begin in one iteration of the event loop, so that who is under way gets on', async () => {
  const options = { metrics: new Metrics(), logger: createLogger({ level: 'silent', format: 'json' }) };
  const admission = new Admission({ enabled: true, ...options, limit: new AdaptiveLimit(() => 0) });
  let begun = 0;
  const begin = async (_: unknown, index: number): Promise<void> => {
    const place = await admission.enter(anonymous(`network ${index}`));
    begun += 1;
    for (const until = performance.now() + 2; performance.now() < until; );
    place.leave();
  };
  // On a machine that is busy with something else the last ones are refused.
  const all = Promise.allSettled(Array.from({ length: 90 }, begin));
  for (let iteration = 0; iteration < 10; iteration += 1) await immediate();
  expect(begun).toBeGreaterThan(0);
  expect(begun).toBeLessThan(60);
  await all;
  admission.stop();
});
