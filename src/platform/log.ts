import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Logs are facts with a request id. An error is written by name, code and stack; never its fields, which may hold personal data. */
export const createLog = (level: string, to: DestinationStream = pino.destination(1)): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    to,
  );

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    // A driver's message repeats the values of the statement.
    message: 'driverError' in error ? 'database error' : error.message,
    stack: 'driverError' in error ? undefined : error.stack,
  };
}
