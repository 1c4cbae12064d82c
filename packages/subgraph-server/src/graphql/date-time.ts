import { isRepresentable } from '@platform/foundation/clock';
import { GraphQLError, GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

const iso = GraphQLDateTimeISO.toConfig();

/** RFC 3339 points in time, from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z. @throws GraphQLError for others */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...iso,
  name: 'DateTime',
  parseValue: (value) => representable(iso.parseValue(value)),
  parseLiteral: (node, variables) => representable(iso.parseLiteral(node, variables)),
});

function representable(time: Date): Date {
  if (isRepresentable(time)) return time;
  throw new GraphQLError('DateTime must lie between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z');
}
