import pino from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

// Wherever these appear in a logged object they are cut out: logs carry ids and codes, never personal data or secrets.
const PERSONAL_OR_SECRET = [
  'authorization',
  'cookie',
  'token',
  'access_token',
  'password',
  'secret',
  'email',
  'phone',
  'variables',
  'parameters',
];

const STANDARD_OUTPUT = 1; // file descriptor

/** Structured logs as JSON lines on standard output, written at once. Field names listed above are redacted at the first two levels. */
export function createLogger({ level, name }: { level: LogLevel; name: string }): pino.Logger {
  return pino(
    {
      level,
      name,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: PERSONAL_OR_SECRET.flatMap((field) => [field, `*.${field}`, `req.headers.${field}`]),
        censor: '[redacted]',
      },
      serializers: { err: serializeError },
    },
    // By default lines wait for a thread; at the end of a process the last ones would come out of order, or not at all.
    pino.destination({ dest: STANDARD_OUTPUT, sync: true }),
  );
}

// The default serializer copies every enumerable property of an error; driver errors carry statements and row values there.
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'not an Error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(code && { code }),
    stack: error.stack,
    ...(error.cause instanceof Error && { cause: serializeError(error.cause) }),
  };
}
