import { PlatformProcess } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';

describe('commands beside a running embedded platform', () => {
  let platform: EmbeddedPlatform;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
  });
  afterAll(() => platform?.stop());

  const run = (...args: string[]) => PlatformProcess.run(args, { PLATFORM_DATA_DIR: platform.directory });

  it.each([
    [['audit', 'verify'], /The log is whole/],
    [['audit', 'export'], /"action":"platform\.user\./],
    [['events', 'list'], /./],
    [['keys', 'list'], /SIGNING/],
    [['seed'], /was there already/],
    [['migrate'], /Every schema was up to date/],
  ])('%j works on its database', async (args, printed) => {
    const { client } = await platform.signInAsAdministrator();

    expect(await run(...args)).toEqual({ code: 0, printed: expect.stringMatching(printed) });
    expect(await client.data('{ me { id } }')).toEqual({ me: { id: expect.any(String) } });
  });
});
