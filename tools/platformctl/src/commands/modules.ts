import { OperatorError } from '@platform/foundation/errors';
import { readModules } from '@platform/runtime/modules';
import type { ModuleManifest } from '@platform/subgraph-server/modules';
import { Command } from 'commander';
import { print } from '../options.js';

/** Nobody has installed a module of that name. */
class UnknownModule extends OperatorError {
  constructor(name: string, known: readonly ModuleManifest[]) {
    super(`There is no module named "${name}"; there are ${known.map((module) => module.name).join(', ')}.`);
  }
}

/** `platformctl modules list|info|validate`: what is installed and whether it fits together. */
export const modulesCommand = (): Command =>
  new Command('modules')
    .description('look at the modules')
    .addCommand(new Command('list').description('every module, in start order').action(list))
    .addCommand(new Command('info').description('one module in full').argument('<name>').action(info))
    .addCommand(new Command('validate').description('check that the modules fit together').action(validate));

function list(): void {
  for (const { name, version, description = '' } of readModules().ordered) {
    print(`${name.padEnd(12)} ${version.padEnd(10)} ${description}`);
  }
}

function info(name: string): void {
  const registry = readModules();
  const module = registry.get(name);
  if (!module) throw new UnknownModule(name, registry.ordered);
  print(describe(module));
}

function validate(): void {
  const { ordered } = readModules();
  print(`${ordered.length} modules fit together: ${ordered.map(({ name }) => name).join(', ')}`);
}

const describe = ({
  name,
  version,
  description,
  dependencies,
  permissions,
  events,
  auditedActions,
}: ModuleManifest): string =>
  [
    `${name} ${version}${description ? ` – ${description}` : ''}`,
    section(
      'depends on',
      Object.entries(dependencies).map(([dependency, range]) => `${dependency} ${range}`),
    ),
    section(
      'permissions',
      permissions.map(({ code, description }) => `${code.padEnd(26)} ${description}`),
    ),
    section('publishes', events.published),
    section('consumes', events.consumed === 'all' ? ['every event'] : events.consumed),
    section(
      'leaves in the audit log',
      Object.entries(auditedActions).map(([mutation, action]) => `${mutation.padEnd(26)} ${action}`),
    ),
  ].join('\n');

const section = (title: string, lines: readonly string[]): string =>
  `\n${title}\n${lines.length > 0 ? lines.map((line) => `  ${line}`).join('\n') : '  nothing'}`;
