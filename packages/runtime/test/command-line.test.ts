import { wordsOf } from '../src/command-line.js';
import { startAny } from '../src/main.js';

describe('the command line of a process', () => {
  it.each([
    [['start', 'router', '--workers', '4'], 'start has no option --workers'],
    [['platform', '--port', '5000'], 'platform has no option --port'],
    [['start', 'blog', 'router'], 'start is followed by nothing called router'],
    [['router', 'blog'], 'router is followed by nothing called blog'],
    [['router', '--workers', '0'], '--workers is a number'],
    [['start', 'shop'], 'There is no process shop'],
    [['toString'], 'There is no command toString'],
    [['start', 'router', '--colour'], '--colour'],
    [[], 'There is no command'],
  ])('that says %j is refused', async (args, message) => {
    await expect(startAny(args)).rejects.toThrow(message);
  });

  it('is understood wherever its options stand', () => {
    expect(wordsOf(['--set', 'a=b', 'start', '--set=c=d', 'router'])).toEqual(['start', 'router']);
    expect(wordsOf(['users', 'list', '--administrators'])).toEqual(['users', 'list']);
  });
});
