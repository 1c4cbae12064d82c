import { description, organizationName } from '@platform/foundation/text';

/** What a key or a service account is called, in its one spelling. @throws UnfitText */
export const machineName = (text: string): string => organizationName.read(text);

/** What a service account is for; null for nothing. @throws UnfitText */
export const machineDescription = (text: string | null | undefined): string | null =>
  text == null || text.trim() === '' ? null : description.read(text);
