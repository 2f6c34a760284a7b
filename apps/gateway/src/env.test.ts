import { gatewayEnv } from './env';

const needed = {
  GATEWAY_SECRET: 'x'.repeat(32),
  IDENTITY_URL: 'http://identity:4001/graphql',
  CONTENT_URL: 'http://content:4002',
  PAYMENTS_URL: 'http://payments:4003/',
  REPUTATION_URL: 'http://reputation/some/path/graphql/',
};

describe('the environment of the gateway', () => {
  it('names subgraphs with or without the path of their graph', () => {
    expect(
      gatewayEnv.parse({ ...needed, ALLOWED_ORIGINS: 'https://a.example, https://b.example' }),
    ).toMatchObject({
      IDENTITY_URL: 'http://identity:4001',
      CONTENT_URL: 'http://content:4002',
      PAYMENTS_URL: 'http://payments:4003',
      REPUTATION_URL: 'http://reputation/some/path',
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
      PORT: 4000,
    });
  });

  it('is refused whole with every problem in it', () => {
    const { error } = gatewayEnv.safeParse({
      ...needed,
      GATEWAY_SECRET: 'short',
      CONTENT_URL: 'ftp://x',
    });
    expect(error?.issues.map(({ path }) => path[0])).toEqual(['GATEWAY_SECRET', 'CONTENT_URL']);
  });
});
