import { QueryFailedError } from 'typeorm';

/** True when the statement broke a unique constraint; of the given name, when one is given. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean => {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint: broken } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' && (constraint === undefined || broken === constraint);
};
