import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';

/** The platform's version, as package.json has it. */
export const version = (): string => JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')).version;
