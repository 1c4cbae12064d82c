import { readModules } from '@platform/runtime/modules';
import type { GeneratedFile } from '../settle.js';
import { code, page, table } from './page.js';

/** The page of every permission, by the modules that declare them. */
export function permissionsReference(): GeneratedFile {
  const chapters = readModules()
    .ordered.filter(({ permissions }) => permissions.length > 0)
    .map(({ name, permissions }) => {
      const rows = permissions.map(({ code: name, description, grantedTo, platform }) => [
        code(name),
        description,
        platform ? '`admin` of the default organization' : ['admin', ...grantedTo].map(code).join(', '),
      ]);
      return `## ${name}\n\n${table(['Code', 'Meaning', 'System roles that begin with it'], rows)}`;
    });
  return {
    path: 'docs/reference/permissions.md',
    content: page(
      'Permissions',
      'Codes that roles hold and fields ask for. [Extending](../extending.md#a-permission) says how one is added. ' +
        'Those of the default organization alone reach beyond one organization.',
      chapters,
    ),
  };
}
