import { composeFile, projectFile } from './compose-file.js';
import { envFile } from './compose-variables.js';

const DOCUMENTS = ['README.md', 'docs/operations.md', 'docker-compose.yml'];
const COMMAND = /docker compose (?:[^`\n#]*[^`\n#\s])/g;

describe('a command of Docker Compose in the documents', () => {
  const { services } = composeFile(envFile('.env.development'));
  const operations = projectFile('docs/operations.md');

  it.each(DOCUMENTS)('names its settings where it starts everything from %s', (document) => {
    const starting = [...projectFile(document).matchAll(COMMAND)].map(([command]) => command);
    const withoutSettings = starting.filter((each) => / up\b/.test(each) && !each.includes('--env-file'));
    // The last step of restoring in an installation that has its own .env.
    expect(withoutSettings.filter((each) => !each.endsWith('up --detach'))).toEqual([]);
  });

  it('stops every process that works on the database before a backup is restored', () => {
    const [, stopped = ''] = /^docker compose --profile platform stop (.+)$/m.exec(operations) ?? [];
    const serving = Object.entries(services).filter(([, { command }]) => command?.[0] === 'start');
    expect(stopped.split(' ').toSorted()).toEqual(serving.map(([name]) => name).toSorted());
    expect(operations.indexOf('platform stop ')).toBeLessThan(operations.indexOf('operator restore'));
  });
});
