import { type Config, duration, type ProcessConfig } from '@platform/foundation/config';
import { z } from 'zod';

/** What the authz subgraph reads of the configuration; config.yaml says what each key is for. */
export const authzSections = { authz: z.strictObject({ identityTimeout: duration }) };

/** The authz subgraph's own section. */
export type AuthzConfig = Config<typeof authzSections>['authz'];

/** Whether there is one organization, or many. */
export type TenancyMode = ProcessConfig['tenancy']['mode'];
