import { CodedError } from '@platform/foundation/errors';

/** What is bounded of a document, each with the code of its refusal; the codes are Apollo Router's where it has one. */
export const LIMIT_CODES = {
  depth: 'MAX_DEPTH_LIMIT',
  height: 'MAX_HEIGHT_LIMIT',
  aliases: 'MAX_ALIASES_LIMIT',
  rootFields: 'MAX_ROOT_FIELDS_LIMIT',
  directives: 'MAX_DIRECTIVES_LIMIT',
  fragments: 'MAX_FRAGMENTS_LIMIT',
  fields: 'MAX_FIELDS_LIMIT',
  duplicateFields: 'MAX_DUPLICATE_FIELDS_LIMIT',
  characters: 'MAX_CHARACTERS_LIMIT',
  maxStringLength: 'MAX_STRING_LENGTH_LIMIT',
  maxNameLength: 'MAX_NAME_LENGTH_LIMIT',
} as const;

export type Limit = keyof typeof LIMIT_CODES;

/** A document is larger than is worked on. HTTP 400. */
export class LimitExceeded extends CodedError {
  constructor(
    readonly limit: Limit,
    maximum: number,
    actual: number,
  ) {
    const found = actual === Number.POSITIVE_INFINITY ? 'more' : actual;
    super(LIMIT_CODES[limit], `The operation exceeds the limit of ${maximum} ${wording[limit]}.`, { maximum, found });
  }
}

const wording: Record<Limit, string> = {
  depth: 'levels of fields',
  height: 'different fields',
  aliases: 'aliases',
  rootFields: 'fields at the root',
  directives: 'directives',
  fragments: 'uses of fragments',
  fields: 'fields',
  duplicateFields: 'fields that are selected again',
  characters: 'characters with all fragments expanded',
  maxStringLength: 'characters in a string',
  maxNameLength: 'characters in a name or a number',
};
