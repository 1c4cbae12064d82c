import { generateKeyPairSync } from 'node:crypto';
import {
  BadNote,
  GrowingTree,
  LogKeys,
  type NoteSigner,
  noteSigner,
  openHandOver,
  signCheckpoint,
  signHandOver,
} from '@platform/transparency-log';

const ORIGIN = 'localhost/audit/7';
const DAY = 24 * 60 * 60 * 1_000;
const root = new GrowingTree().root();

const newKey = (): NoteSigner => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return noteSigner('localhost/audit', JSON.stringify(privateKey.export({ format: 'jwk' })));
};

describe('the keys of a log', () => {
  const [first, second, third, stranger] = [newKey(), newKey(), newKey(), newKey()];
  const [end, later] = [new Date(Date.now()), new Date(Date.now() + DAY)];
  const handOvers = [
    { sequence: 10, note: signHandOver(ORIGIN, end, first, second) },
    { sequence: 20, note: signHandOver(ORIGIN, later, second, third) },
  ];
  const signed = (signer: NoteSigner, size: number, signedAt = new Date(end.getTime() - 1)) =>
    signCheckpoint({ origin: ORIGIN, size, root, signedAt }, signer).note;

  it.each([
    ['first', first],
    ['second', second],
    ['last', third],
  ])('are all known to whoever trusts the %s', (_, trusted) => {
    const keys = LogKeys.of([trusted], handOvers);
    expect(keys.periods.map(({ from, until }) => [from, until])).toEqual([
      [0, end],
      [11, later],
      [21, null],
    ]);
    expect(keys.openCheckpoint(signed(first, 5)).size).toBe(5);
    expect(keys.openCheckpoint(signed(second, 11)).size).toBe(11);
    expect(keys.openCheckpoint(signed(third, 21)).size).toBe(21);
  });

  it('sign nothing before they are announced, and nothing after their end', () => {
    const keys = LogKeys.of([first], handOvers);
    expect(() => keys.openCheckpoint(signed(second, 10))).toThrow('signs from 11 entries on, not over 10');
    expect(() => keys.openCheckpoint(signed(first, 12, new Date(end.getTime() + 1)))).toThrow('signs nothing after');
    expect(keys.refusal(third, { size: 20, signedAt: end })).toContain('signs from 21 entries on');
    expect(keys.refusal(stranger, { size: 30, signedAt: end })).toContain('has not announced');
    expect(keys.refusal(third, { size: 21, signedAt: end })).toBeUndefined();
  });

  it('are no others than those that were announced', () => {
    expect(() => LogKeys.of([first]).openCheckpoint(signed(second, 11))).toThrow(BadNote);
    expect(() => LogKeys.of([first], handOvers).openCheckpoint(signed(stranger, 30))).toThrow(BadNote);
  });

  const forger: NoteSigner = { ...first, privateKey: stranger.privateKey };

  it.each([
    ['that the earlier key has not signed', { sequence: 5, note: signHandOver(ORIGIN, later, forger, stranger) }],
    ['of a key that has handed over before', { sequence: 30, note: signHandOver(ORIGIN, later, first, stranger) }],
    ['to a key that follows another', { sequence: 5, note: signHandOver(ORIGIN, later, stranger, second) }],
    ['between keys that nobody knows', { sequence: 5, note: signHandOver(ORIGIN, later, stranger, newKey()) }],
    ['that is none', { sequence: 5, note: 'hand-over' }],
  ])('do not include one by a statement %s', (_, forged) => {
    const keys = LogKeys.of([first], [forged, ...handOvers]);
    expect(keys.periods).toHaveLength(3);
    expect(() => keys.openCheckpoint(signed(stranger, 30))).toThrow(BadNote);
    expect(keys.openCheckpoint(signed(third, 30)).size).toBe(30);
  });

  it('are read from statements that both of them have signed', () => {
    const [{ note = '' } = {}] = handOvers;
    expect(openHandOver(note)).toMatchObject({ origin: ORIGIN, until: end });
    const lines = note.split('\n');
    expect(() => openHandOver(lines.slice(0, -2).join('\n'))).toThrow('no good signature');
    expect(() => openHandOver(note.replace(end.toISOString(), later.toISOString()))).toThrow('no good signature');
  });
});
