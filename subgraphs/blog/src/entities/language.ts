/** The languages that posts are searched in, by the names that PostgreSQL has for what it knows of them. The database decides which one a post is in. */
export const LANGUAGES = [
  'english',
  'german',
  'french',
  'spanish',
  'italian',
  'portuguese',
  'dutch',
  'russian',
  'swedish',
  'danish',
  'norwegian',
  'finnish',
  'hungarian',
  'turkish',
] as const;
