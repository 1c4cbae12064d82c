import type { AuditedFields } from '../audit-reports/index.js';
import { type Answer, hasData } from '../operation.js';
import type { AroundStage } from '../stage.js';

/** Tells which of the fields that are to be audited a caller was answered, or is being answered in a stream. */
export const auditReads =
  (fields: AuditedFields, report: (coordinates: readonly string[]) => void): AroundStage<'operation' | 'prepared'> =>
  async ({ operation, prepared }, next) => {
    const answer = await next();
    if (!isAnswered(answer)) return answer;
    const refused = () => prepared.unauthorized.map(({ path }) => path.join('.'));
    const read = fields.readBy(operation, prepared.variables, refused);
    if (read.length > 0) report(read);
    return answer;
  };

const isAnswered = (answer: Answer): boolean => 'stream' in answer || hasData(answer.result);
