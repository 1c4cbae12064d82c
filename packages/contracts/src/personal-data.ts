import type { PersonalData } from '@platform/events';
import { contracts } from './events.generated.js';

/** What is personal in the data of the platform's events. Of others, all of it. */
export const personalData: PersonalData = new Map(
  contracts.flatMap((events) => Object.values(events).map(({ type, personal }) => [type, personal] as const)),
);
