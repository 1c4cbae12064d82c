import { FairQueue } from '../src/services/credentials/fair-queue.js';

const known = (group: string) => ({ group, known: true });
const stranger = (group: string) => ({ group, known: false });

describe('passwords that wait to be hashed', () => {
  const drained = (queue: FairQueue<string>): string[] => {
    const items: string[] = [];
    for (let item = queue.take(); item !== undefined; item = queue.take()) items.push(item);
    return items;
  };

  it('have three turns of four where their owner is known, and one where nobody is', () => {
    const queue = new FairQueue<string>(100);
    for (let index = 0; index < 8; index += 1) queue.add(`k${index}`, known('home'));
    for (let index = 0; index < 3; index += 1) queue.add(`s${index}`, stranger('away'));
    expect(drained(queue)).toEqual(['k0', 'k1', 'k2', 's0', 'k3', 'k4', 'k5', 's1', 'k6', 'k7', 's2']);
  });

  it('reach their turn however many keep coming before them', () => {
    const queue = new FairQueue<string>(100);
    queue.add('stranger', stranger('away'));
    const turns: (string | undefined)[] = [];
    for (let index = 0; index < 10; index += 1) {
      queue.add(`k${index}`, known(`home ${index}`));
      queue.add(`l${index}`, known(`home ${index}`));
      turns.push(queue.take());
    }
    expect(turns.indexOf('stranger')).toBe(3);
  });

  it('keep a quarter of the places for strangers, and the rest for owners who are known', () => {
    const queue = new FairQueue<string>(8);
    for (let index = 0; index < 8; index += 1) queue.add(`s${index}`, stranger('flood'));
    const refused = Array.from({ length: 8 }, (_, index) => queue.add(`k${index}`, known(`home ${index}`)));
    expect(refused).toEqual(['s7', 's6', 's5', 's4', 's3', 's2', 'k6', 'k7']);
    expect(queue.add('other', stranger('elsewhere'))).toBe('s1');
    expect(drained(queue).filter((item) => !item.startsWith('k'))).toEqual(['s0', 'other']);
  });

  it('give strangers their places back from owners who had them all', () => {
    const queue = new FairQueue<string>(4);
    for (let index = 0; index < 4; index += 1) queue.add(`k${index}`, known('home'));
    expect(queue.add('s0', stranger('away'))).toBe('k3');
    expect(queue.add('s1', stranger('away'))).toBe('s1');
  });
});
