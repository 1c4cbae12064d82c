/** Of one user in one organization; expired ones count until they are revoked or swept. */
export const MAX_KEYS_OF_USER = 20;
/** Of one service account. */
export const MAX_KEYS_OF_SERVICE_ACCOUNT = 10;
/** Of one organization. */
export const MAX_SERVICE_ACCOUNTS = 100;
/** Of one key. */
export const MAX_SCOPES = 200;
