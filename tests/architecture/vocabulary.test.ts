import { kinds, messagesIn, retiredIn, retiredWords } from './vocabulary.js';

/** Begins with its subject: a small letter, or the one phrase that every server prints. */
const MESSAGE = /^(?:[a-z`]|Listening on )/;

describe('the words of docs/glossary.md', () => {
  it.each(kinds)('are those of every $kind', async ({ kind, names }) => {
    const words = retiredWords();
    const all = await names();
    expect(all.length).toBeGreaterThan(5);
    const retired = all.flatMap(({ name, where }) =>
      retiredIn(name, kind, words).map((instead) => ({ name, where, instead })),
    );
    expect(retired).toEqual([]);
  });

  it('retire something for every kind', () => {
    const words = retiredWords();
    expect(words.length).toBeGreaterThan(10);
    const known = kinds.map(({ kind }) => kind);
    expect(words.flatMap((word) => word.kinds).filter((kind) => !known.includes(kind))).toEqual([]);
  });

  it.each([
    ['turnInterval', 'configuration key', 'turn'],
    ['http_slow_readers_total', 'metric', 'readers'],
    ['EventsGivenUp', 'alert', 'given up'],
    ['Redis is away', 'log message', 'away'],
    ['KeptCheckpoints', 'exported name', 'kept'],
    ['tell-caches', 'file name', 'tell'],
  ])('refuse %s as a %s', (name, kind, word) => {
    expect(retiredIn(name, kind)).toEqual([expect.stringMatching(new RegExp(`^${word} → `))]);
  });

  it('are not looked for within other words', () => {
    expect(retiredIn('gateway returned 502', 'log message')).toEqual([]);
  });
});

describe('log messages', () => {
  it('begin with their subject, in small letters', async () => {
    const messages = (await kinds.find(({ kind }) => kind === 'log message')?.names()) ?? [];
    expect(messages.filter(({ name }) => !MESSAGE.test(name))).toEqual([]);
  });

  it('are found in calls, whatever fields stand before them', () => {
    const source = `this.logger.warn({ err, at: of('x') },\n 'redis unavailable; retrying');\nlogger.info(\`up \${now}\`);`;
    expect(messagesIn(source)).toEqual(['redis unavailable; retrying', 'up  ']);
  });
});
