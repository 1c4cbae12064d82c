import type { AuditedFields } from '../audit-reports/index.js';
import { type Answer, hasData, required, type Stage } from '../operation.js';

/** Tells which of the fields that are to be audited a caller was answered, or is being answered in a stream. */
export const auditReads =
  (fields: AuditedFields, report: (coordinates: readonly string[]) => void): Stage =>
  async (context, next) => {
    const answer = await next();
    if (!isAnswered(answer)) return answer;
    const prepared = required(context, 'prepared');
    const refused = () => prepared.unauthorized.map(({ path }) => path.join('.'));
    const read = fields.readBy(required(context, 'operation'), prepared.variables, refused);
    if (read.length > 0) report(read);
    return answer;
  };

const isAnswered = (answer: Answer): boolean => 'stream' in answer || hasData(answer.result);
