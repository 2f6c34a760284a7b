import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Where a running Lyceum keeps anything. */
export interface Stores {
  /** Queues, too, where there is no Redis. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly redisUrl?: string;
  /** What the processes logged. */
  readonly said: readonly string[];
}

/** Every place that still has one of the words: `database.schema.table`, a key of Redis, a line of a log. */
export const tracesOf = async (
  { databaseUrls, redisUrl, said }: Stores,
  words: readonly string[],
): Promise<readonly string[]> => [
  ...(await Promise.all(Object.entries(databaseUrls).map((one) => inDatabase(one, words)))).flat(),
  ...(redisUrl === undefined ? [] : await inRedis(redisUrl, words)),
  ...said.filter((line) => has(line, words)).map((line) => `log: ${line}`),
];

const has = (text: string, words: readonly string[]): boolean =>
  words.some((word) => text.toLowerCase().includes(word.toLowerCase()));

const inDatabase = async (
  [name, url]: readonly [string, string],
  words: readonly string[],
): Promise<readonly string[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ table: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { table } of tables) {
      // Bytes are shown in hexadecimal digits.
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table} AS r, unnest($1::text[]) AS word
         WHERE strpos(lower(r::text), lower(word)) > 0
            OR strpos(r::text, encode(convert_to(word, 'UTF8'), 'hex')) > 0`,
        [words],
      );
      if ((rows[0]?.n ?? 0) > 0) found.push(`${name}.${table}`);
    }
    return found;
  } finally {
    await client.end();
  }
};

const inRedis = async (url: string, words: readonly string[]): Promise<readonly string[]> => {
  const redis = new Redis(url);
  try {
    const found: string[] = [];
    for (const key of await redis.keys('*'))
      if (has(key, words) || has(await contentOf(redis, key), words)) found.push(`redis: ${key}`);
    return found;
  } finally {
    redis.disconnect();
  }
};

const contentOf = async (redis: Redis, key: string): Promise<string> => {
  switch (await redis.type(key)) {
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1));
    case 'set':
      return JSON.stringify(await redis.smembers(key));
    case 'zset':
      return JSON.stringify(await redis.zrange(key, 0, -1));
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    default:
      return '';
  }
};
