import { validate as isUuid } from 'uuid';
import { InvalidValue } from '../../entities/rules/index.js';
import { MAX_ROLES } from './limits.js';

/** The ids, each once. @throws InvalidValue */
export function checkedRoleIds(ids: readonly string[]): string[] {
  if (ids.length > MAX_ROLES) throw new InvalidValue(`At most ${MAX_ROLES} roles.`);
  if (!ids.every((id) => isUuid(id))) throw new InvalidValue('There is no such role.');
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}
