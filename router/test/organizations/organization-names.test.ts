import { jest } from '@jest/globals';
import { NO_ORGANIZATION } from '@platform/auth';
import { eventually } from '@platform/testkit';
import { OrganizationNames } from '../../src/organizations/index.js';

describe('the organization of a name', () => {
  let organizations: Map<string, string>;
  let asked: string[];
  let names: OrganizationNames;

  beforeEach(() => {
    organizations = new Map([['acme', 'id of acme']]);
    asked = [];
    names = new OrganizationNames(async (name) => {
      asked.push(name);
      return organizations.get(name) ?? null;
    });
  });

  it('is asked for once, and once more under its version, by all who want it at the same time', async () => {
    const both = await Promise.all([names.last('acme'), names.last('acme')]);
    expect(both).toEqual(['id of acme', 'id of acme']);
    const current = () => names.current('acme', 'id of acme', '1');
    expect(await Promise.all([current(), current()])).toEqual(both);
    expect(await current()).toBe('id of acme');
    expect(asked).toEqual(['acme', 'acme']);
  });

  it('is asked for again as soon as its version is another, or cannot be read', async () => {
    await names.last('acme');
    await names.current('acme', 'id of acme', '1');
    organizations.delete('acme');
    expect(await names.current('acme', 'id of acme', '1')).toBe('id of acme');
    expect(await names.current('acme', 'id of acme', '2')).toBeNull();
    organizations.set('acme', 'id of acme');
    await names.current('acme', 'id of acme', '3');
    organizations.delete('acme');
    expect(await names.current('acme', 'id of acme', null)).toBeNull();
  });

  it('is not taken to be another one under the version of the one before', async () => {
    await names.last('acme');
    organizations.set('acme', 'id of the next');
    expect(await names.current('acme', 'id of acme', '2')).toBe('id of the next');
    organizations.delete('acme');
    expect(await names.current('acme', 'id of the next', '2')).toBeNull();
  });

  it('is what was asked last, whichever answer came late', async () => {
    const answers: ((id: string | null) => void)[] = [];
    names = new OrganizationNames(() => new Promise((resolve) => answers.push(resolve)));
    const before = names.current('acme', 'id of acme', '1');
    const after = names.current('acme', 'id of acme', '2');
    answers[1]?.(null);
    expect(await after).toBeNull();
    answers[0]?.('id of acme');
    expect(await before).toBe('id of acme');
    const now = names.current('acme', 'id of acme', '2');
    answers[2]?.(null);
    expect(await now).toBeNull();
  });

  it('is none for a while where there is none, and never of the id that means none', async () => {
    expect(await names.last('globex')).toBeNull();
    organizations.set('globex', 'id of globex');
    expect(await names.last('globex')).toBeNull();
    const started = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => started + 10_001);
    try {
      await eventually(async () => expect(await names.last('globex')).toBe('id of globex'));
    } finally {
      clock.mockRestore();
    }
    expect(await names.last(NO_ORGANIZATION)).toBeNull();
    expect(asked).toEqual(['globex', 'globex']);
  });

  it('stays known through a flood of names that are none, of which only some are', async () => {
    await names.last('acme');
    const flood = Array.from({ length: 20_000 }, (_, index) => `name-${index}-${'x'.repeat(40)}`);
    for (const name of flood) await names.last(name);
    asked.length = 0;
    expect(await names.last('acme')).toBe('id of acme');
    expect(asked).toEqual([]);
    await names.last(flood.at(-1) as string);
    expect(asked).toEqual([]);
    await names.last(flood[0] as string);
    expect(asked).toEqual([flood[0]]);
  });

  it('is not remembered while nobody can say', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve('id of acme')];
    names = new OrganizationNames(() => answers.shift() as Promise<string>);
    await expect(names.last('acme')).rejects.toThrow('away');
    expect(await names.last('acme')).toBe('id of acme');
  });
});
