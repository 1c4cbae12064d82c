/** The first and the last point in time that the API takes and that events may carry: RFC 3339 writes years 0001 to 9999, and PostgreSQL writes them alike. */
export const EARLIEST_TIME = new Date('0001-01-01T00:00:00.000Z');
export const LATEST_TIME = new Date('9999-12-31T23:59:59.999Z');

/** Whether the time can be stored and read back unchanged everywhere. False for an invalid date. */
export const isRepresentable = (time: Date): boolean => time >= EARLIEST_TIME && time <= LATEST_TIME;
