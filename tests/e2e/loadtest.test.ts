import { PlatformProcess } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';

const KINDS = ['createPost', 'document', 'feed', 'login', 'post', 'search'];

describe('platformctl loadtest', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  it('loads a running platform with a new user, and prints what became of each kind of operation', async () => {
    const { code, printed } = await PlatformProcess.run([
      'loadtest',
      platform.url,
      ...['--capacity', '20', '--steps', '50,100', '--seconds', '3', '--posts', '12'],
      ...['--mix', KINDS.map((kind) => `${kind}=1`).join(',')],
    ]);

    expect({ code, printed }).toMatchObject({ code: 0 });
    expect(printed).toMatch(/^capacity 20 operations\/s, p95 [\d.]+ ms at a tenth of it$/m);
    expect(printed).toMatch(/^50 % of the capacity: 10 operations\/s for 3 s$/m);
    for (const kind of KINDS) expect(printed).toMatch(new RegExp(`^${kind} +[1-9]\\d* +[1-9]\\d* `, 'm'));
    const totals = [...printed.matchAll(/^all +(\d+) +(\d+) +(\d+) +(\d+) /gm)].map((row) => row.slice(1).map(Number));
    expect(totals).toHaveLength(2);
    for (const [offered, admitted = 0, refused = 0, failed = 0] of totals) {
      expect(admitted).toBeGreaterThan(0);
      expect(admitted + refused + failed).toBe(offered);
    }
    // share, offered, admitted, refused, p95, × unloaded, processor, memory, recovery
    expect(printed).toMatch(/^100 % +\d+ +\d+ +\d+ % +[\d.]+ +[\d.]+ +\d+ % +\d+ +[\d.]+$/m);
    expect((await platform.anonymous.data('{ posts { totalCount } }')).posts.totalCount).toBe(12);
  });
});
