import { z } from 'zod';

/**
 * Parses the environment against a schema. All problems are reported at once, on standard error, and
 * the process ends with exit code 1: a service with half a configuration must not start.
 */
export const parseEnv = <Schema extends z.ZodType>(
  schema: Schema,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<Schema> => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join('.')}: ${message}`,
  );
  process.stderr.write(`The environment is not complete:\n${problems.join('\n')}\n`);
  process.exit(1);
};

/** What every service reads. A `REDIS_URL` selects Redis for queues and signals, else PostgreSQL has both. */
export const commonEnv = z
  .object({
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
    HOST: z.string().default('0.0.0.0'),
    PORT: z.coerce.number().int().min(0).max(65535).default(0),
    GATEWAY_SECRET: z.string().min(32, 'at least 32 characters, the same for all services'),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
    QUEUE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** Where identity publishes the keys that sign access tokens. */
    JWKS_URL: z.url().default('http://127.0.0.1:4001/.well-known/jwks.json'),
  })
  .refine((env) => env.REDIS_URL !== undefined || env.QUEUE_DATABASE_URL !== undefined, {
    path: ['REDIS_URL'],
    message: 'REDIS_URL or QUEUE_DATABASE_URL is needed for the queues',
  });
export type CommonEnv = z.infer<typeof commonEnv>;

export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
