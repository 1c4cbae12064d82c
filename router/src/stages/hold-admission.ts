import { type DocumentNode, Kind } from 'graphql';
import type { BeforeStage } from '../stage.js';

const TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Gives back a place that was kept for signing in, where the document is about something else: it needs one like any other. */
export const holdAdmission =
  (always: readonly string[]): BeforeStage<'place' | 'document'> =>
  async ({ place, document }) => {
    if (!place.enter || asksOnlyFor(document, always)) return;
    place.current.leave();
    place.current = await place.enter();
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
