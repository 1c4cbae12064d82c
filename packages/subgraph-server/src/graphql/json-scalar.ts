import { doubleOf, LosslessNumber, numberOf } from '@platform/foundation/json';
import { GraphQLError, GraphQLScalarType, type ValueNode, visit } from 'graphql';
import { GraphQLJSON } from 'graphql-scalars';

/**
 * Free-form JSON whose numbers are doubles, as in I-JSON (RFC 7493) and in what is hashed and signed (RFC 8785). A number that a double
 * would round is refused rather than changed: BAD_USER_INPUT.
 */
export const Json = new GraphQLScalarType<unknown>({
  ...GraphQLJSON.toConfig(),
  parseValue: (value) => (hasLossless(value) ? inDoubles(value) : value),
  parseLiteral: (literal, variables) => {
    const check = ({ value }: { readonly value: string }): void => void inDoubles(numberOf(value));
    visit(literal as ValueNode, { IntValue: check, FloatValue: check });
    return GraphQLJSON.parseLiteral(literal, variables);
  },
});

/** Without recursion: whatever has such numbers is nested as deeply as `parseJson` reads, all else without bounds. */
function hasLossless(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (each instanceof LosslessNumber) return true;
    if (typeof each === 'object' && each !== null) for (const inner of Object.values(each)) left.push(inner);
  }
  return false;
}

function inDoubles(value: unknown): unknown {
  if (value instanceof LosslessNumber) return doubleOf(value) ?? refuse(value);
  if (Array.isArray(value)) return value.map(inDoubles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inDoubles(each)]));
}

function refuse({ text }: LosslessNumber): never {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  throw new GraphQLError(`JSON cannot represent ${shown} without rounding it. Send it as a string.`);
}

/** Characters of a number that are told. */
const LONGEST = 40;
