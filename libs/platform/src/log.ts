import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** What went wrong and where; a failed query without the values that it was about, which are people's. */
const serializeError = (error: Error): object => {
  const { parameters, detail, where, driverError, ...shown } = stdSerializers.err(error);
  return shown;
};

/** JSON logs on standard output, or in `file`. Never bodies, tokens or addresses: they are redacted. */
export const createLog = (options: {
  name: string;
  level?: string;
  file?: string;
  /** Instead of a file. */
  destination?: DestinationStream;
}): Log =>
  pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { name: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: serializeError },
      redact: {
        paths: [
          'authorization',
          'password',
          'token',
          'email',
          '*.authorization',
          '*.password',
          '*.token',
          '*.email',
        ],
      },
    },
    options.destination ?? pino.destination({ dest: options.file ?? 1, mkdir: true, ...together }),
  );

/** Lines are written together, a quarter of a second late at most; all of them when the process exits. */
const together = { sync: false, minLength: 4_096, periodicFlush: 250 } as const;

/** For tests and commands that have their own output. */
export const silentLog = (): Log => pino({ level: 'silent' });
