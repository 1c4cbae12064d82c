import { loadConfig, secret } from '@platform/foundation/config';
import { rolePassword, runtimeRole } from '@platform/postgres/database';
import { subgraphNames } from '@platform/runtime/modules';
import { Command } from 'commander';
import { z } from 'zod';
import { print, type SetOption, setOption } from '../options.js';

const sections = { database: z.object({ roleSecret: secret(z.string().min(32, 'must have at least 32 characters')) }) };

/** `platformctl role-passwords`: the password of each subgraph's database role, so that no subgraph has to know the secret behind all of them. */
export const rolePasswordsCommand = (): Command =>
  new Command('role-passwords')
    .description("print each subgraph's database.rolePassword, as lines of an .env file")
    .addOption(setOption())
    .action(({ set }: SetOption) => {
      const { database } = loadConfig(sections, { set });
      for (const name of subgraphNames) {
        print(`${name.toUpperCase()}_ROLE_PASSWORD=${rolePassword(database.roleSecret, runtimeRole(name))}`);
      }
    });
