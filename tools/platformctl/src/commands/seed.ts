import { recordOperator } from '@platform/runtime/operator';
import { seedAdministrator, undecided } from '@platform/runtime/seed-administrator';
import { type People, withPeople } from '@platform/runtime/with-people';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';

/** `platformctl seed`: system roles, permissions and the first administrator. Running it again changes nothing, whatever was decided since. */
export const seedCommand = (): Command =>
  new Command('seed')
    .description('make sure that the system roles exist, and an administrator, while none can sign in')
    .addOption(setOption())
    .action(({ set }: SetOption) =>
      withPeople({ name: 'seed', set, migrate: true, deployed: ['seed.adminEmail'] }, seed),
    );

async function seed(people: People): Promise<void> {
  const seeding = await seedAdministrator(people, people.config);
  switch (seeding.outcome) {
    case 'present':
      return print('An administrator who can sign in was there already.');
    case 'undecided': // the platform works without one, and must start
      return print(undecided(seeding.email));
    case 'made': {
      const { id, email, generatedPassword } = seeding;
      // Printed first: a generated password is told once, whatever becomes of the entry.
      print(`Administrator ${email}${generatedPassword === null ? ' made.' : `, password ${generatedPassword}`}`);
      return recordOperator(people.config, { ...SEEDED, resourceId: id });
    }
    default:
      return seeding satisfies never;
  }
}

const SEEDED = { action: 'platform.administrator.seeded', resource: 'administrator' };
