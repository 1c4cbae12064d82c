import { CodedError, OperatorError } from '@platform/foundation/errors';

/** Automatic persisted queries: the hash is new here, and the client is to send the text with it. Clients know the message. HTTP 200. */
export class PersistedQueryNotFound extends CodedError {
  constructor() {
    super('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  }
}

/** Automatic persisted queries are switched off, and the client is to do without. Clients know the message. HTTP 200. */
export class PersistedQueryNotSupported extends CodedError {
  constructor() {
    super('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
  }
}

/** The id is in no manifest. HTTP 404. */
export class PersistedQueryNotInList extends CodedError {
  constructor() {
    super('PERSISTED_QUERY_NOT_IN_LIST', 'No persisted query with this id is known.');
  }
}

/** The document is in no manifest, and others are not answered. HTTP 403. */
export class QueryNotInSafelist extends CodedError {
  constructor() {
    super('QUERY_NOT_IN_SAFELIST', 'This operation is not in the safelist.');
  }
}

/** Operations are answered by their id alone. HTTP 400. */
export class PersistedQueryIdRequired extends CodedError {
  constructor() {
    super('PERSISTED_QUERY_ID_REQUIRED', 'Operations must be sent by the id of a persisted query.');
  }
}

/** Which of the two is meant cannot be said. HTTP 400. */
export class CannotSendIdAndBody extends CodedError {
  constructor() {
    super('CANNOT_SEND_PQ_ID_AND_BODY', 'Send the id of a persisted query or a document, not both.');
  }
}

/** Manifests that cannot be used; `mistakes` names each with its file. */
export class InvalidManifest extends OperatorError {
  constructor(readonly mistakes: readonly string[]) {
    super(`Persisted queries cannot be used:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
  }
}
