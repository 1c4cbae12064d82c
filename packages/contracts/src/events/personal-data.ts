import type { PersonalData } from '@platform/events';
import * as blogEvents from './blog-events.js';
import * as roleEvents from './role-events.js';
import * as signingKeyEvents from './signing-key-events.js';
import * as userEvents from './user-events.js';

/** What is personal in the data of the platform's events. Of others, all of it. */
export const personalData: PersonalData = new Map(
  [blogEvents, roleEvents, signingKeyEvents, userEvents].flatMap((events) =>
    Object.values(events).map(({ type, personal }) => [type, personal] as const),
  ),
);
