import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSupergraph } from '@platform/federation-engine';
import { projectRoot } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';
import { parse } from 'yaml';

/** A root field says nothing about who may use it, or the list of public ones is wrong; `mistakes` names each. */
export class UndeclaredAccess extends OperatorError {
  constructor(readonly mistakes: readonly string[]) {
    super(`Who may use these root fields is not declared:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}

/** Root fields by coordinate, with the reason why anyone may use them. */
export const publicFields = (): Record<string, string> =>
  parse(readFileSync(join(projectRoot(), 'router', 'public-fields.yaml'), 'utf8'));

/** Holds every root field to the rule: it declares an authorization directive, or it is listed as public, never both. @throws UndeclaredAccess */
export function assertAccessDeclared(sdl: string, listed: Readonly<Record<string, string>> = publicFields()): void {
  const { apiSchema, rules } = loadSupergraph(sdl);
  const roots = [apiSchema.getQueryType(), apiSchema.getMutationType(), apiSchema.getSubscriptionType()];
  const coordinates = roots.flatMap((type) =>
    type ? Object.keys(type.getFields()).map((field) => [type.name, field] as const) : [],
  );
  const known = new Set(coordinates.map(([type, field]) => `${type}.${field}`));

  const mistakes = coordinates.flatMap(([type, field]) => {
    const coordinate = `${type}.${field}`;
    const declared = rules.ofField(type, field).length > 0;
    if (declared === coordinate in listed) {
      return [
        declared
          ? `${coordinate} is listed as public and declares a directive`
          : `${coordinate} declares no authorization directive and is not in router/public-fields.yaml`,
      ];
    }
    return [];
  });
  const stale = Object.keys(listed).filter((coordinate) => !known.has(coordinate));
  mistakes.push(...stale.map((coordinate) => `${coordinate} is listed as public and does not exist`));
  if (mistakes.length > 0) throw new UndeclaredAccess(mistakes);
}
