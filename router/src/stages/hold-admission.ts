import { type DocumentNode, Kind } from 'graphql';
import { required, type Stage } from '../operation.js';

const TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Gives back a place that was kept for signing in, where the document is about something else: it needs one like any other. */
export const holdAdmission =
  (always: readonly string[]): Stage =>
  async (context, next) => {
    const { place } = context;
    if (place?.enter && !asksOnlyFor(required(context, 'document'), always)) {
      place.current.leave();
      place.current = await place.enter();
    }
    return next();
  };

/** Whether every operation of the document has no other root fields. */
const asksOnlyFor = ({ definitions }: DocumentNode, fields: readonly string[]): boolean =>
  definitions.every(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.selectionSet.selections.every(
        (selection) =>
          selection.kind === Kind.FIELD && fields.includes(`${TYPES[definition.operation]}.${selection.name.value}`),
      ),
  );
