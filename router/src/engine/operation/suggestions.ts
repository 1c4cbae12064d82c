import type { GraphQLFormattedError } from 'graphql';

/** The error without the names that may have been meant: asking for misspelt ones would read the schema piece by piece. */
export const withoutSuggestion = <E extends GraphQLFormattedError>(error: E): E => ({
  ...error,
  message: error.message.replace(/ Did you mean [^?]*\?/g, ''),
});
