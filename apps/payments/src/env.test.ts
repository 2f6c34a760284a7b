import { paymentsSettings } from './env';

describe('the settings of payments', () => {
  const problems = (env: Record<string, string>): string[] =>
    (paymentsSettings.safeParse(env).error?.issues ?? []).map(({ path }) => path.join('.'));

  it('are the sandbox alone, by default', () => {
    expect(paymentsSettings.parse({})).toMatchObject({ PAYMENT_PROVIDERS: ['sandbox'] });
  });

  it.each([
    [{ PAYMENT_PROVIDERS: 'bitcoin' }, ['PAYMENT_PROVIDERS.0']],
    [{ PAYMENT_PROVIDERS: 'stripe' }, ['PUBLIC_URL', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']],
    [{ PUBLIC_URL: 'ftp://x' }, ['PUBLIC_URL']],
    [{ WECHATPAY_PLATFORM_KEYS: '{' }, ['WECHATPAY_PLATFORM_KEYS']],
    [{ WECHATPAY_API_V3_KEY: 'short' }, ['WECHATPAY_API_V3_KEY']],
  ])('say what is wrong with %j', (env, names) => {
    expect(problems(env as Record<string, string>).sort()).toEqual(names.sort());
  });

  it('take keys as one line', () => {
    const env = paymentsSettings.parse({
      PAYMENT_PROVIDERS: 'alipay, sandbox',
      PUBLIC_URL: 'https://learn.example/',
      ALIPAY_APP_ID: '1',
      ALIPAY_PRIVATE_KEY: 'a\\nb',
      ALIPAY_PUBLIC_KEY: 'c',
    });
    expect([env.PAYMENT_PROVIDERS, env.PUBLIC_URL, env.ALIPAY_PRIVATE_KEY]).toEqual([
      ['alipay', 'sandbox'],
      'https://learn.example',
      'a\nb',
    ]);
  });
});
