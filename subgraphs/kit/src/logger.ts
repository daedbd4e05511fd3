import pino from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

// Wherever these appear in a logged object they are cut out: logs carry ids and codes, never personal data or secrets.
const PERSONAL_OR_SECRET = new Set([
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
]);
const CENSORED = '[redacted]';
const CENSORED_LEVELS = 3; // as deep as `req.headers.authorization`

const STANDARD_OUTPUT = 1; // file descriptor

/**
 * Structured logs as JSON lines on standard output, written at once. Fields that may hold personal data or secrets are cut out by their
 * names, at the first three levels.
 */
export function createLogger({ level, name }: { level: LogLevel; name: string }): pino.Logger {
  return pino(
    {
      level,
      name,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      // pino's own redaction copies every line; with twenty paths it took more time than the rest of the line.
      formatters: {
        log: (fields) => censor(fields, CENSORED_LEVELS),
        bindings: (fields) => censor(fields, CENSORED_LEVELS),
      },
      serializers: { err: serializeError },
    },
    // By default lines wait for a thread; at the end of a process the last ones would come out of order, or not at all.
    pino.destination({ dest: STANDARD_OUTPUT, sync: true }),
  );
}

/** The same object where there is nothing to cut out of it. */
function censor<Fields extends object>(fields: Fields, levels: number): Fields {
  let censored: Fields | null = null;
  for (const name in fields) {
    const value: unknown = fields[name];
    const shown = censorValue(name, value, levels);
    if (shown !== value) (censored ??= copyOf(fields))[name] = shown as Fields[typeof name];
  }
  return censored ?? fields;
}

function censorValue(name: string, value: unknown, levels: number): unknown {
  if (PERSONAL_OR_SECRET.has(name)) return value === undefined ? undefined : CENSORED;
  if (levels === 1 || typeof value !== 'object' || value === null) return value;
  // Errors are written by their serializer, and bytes have no names.
  return value instanceof Error || ArrayBuffer.isView(value) ? value : censor(value, levels - 1);
}

function copyOf<Fields extends object>(fields: Fields): Fields {
  return (Array.isArray(fields) ? [...(fields as unknown[])] : { ...fields }) as Fields;
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
