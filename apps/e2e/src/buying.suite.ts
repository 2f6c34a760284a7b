import { waitFor } from '@lyceum/testing';
import { clientOf, type Client } from './client';
import { foundCommunity, joined, type Person } from './people';
import type { System } from './system';

const secret = 'XYZZY-only-for-those-who-paid';
const preview = 'What everybody may see';

const publish = `mutation ($input: PublishArticleInput!) {
  publishArticle(input: $input) { ... on Article { id } ... on UserError { code message } } }`;
const sell = `mutation ($input: CreateProductInput!) {
  createProduct(input: $input) { ... on Product { id prices { id } } ... on UserError { code message } } }`;
const buy = `mutation ($input: CheckoutInput!) {
  checkout(input: $input) { __typename ... on CheckoutSession { orderId status paymentUrl total { amountMinor } }
    ... on UserError { code message } } }`;
/** Every way to an article's text that a client has. */
const everywhere = `query ($id: ID!, $slug: String!, $author: ID!) {
  article(id: $id) { ...all offers { id title prices { amount { amountMinor currency } } } }
  community(slug: $slug) { articles(first: 5) { edges { node { ...all } } } }
  member(id: $author) { articles(first: 5) { edges { node { ...all } } } }
}
fragment all on Article { id title body bodyMarkdown preview isLocked revisions(first: 2) { edges { node { body bodyMarkdown } } } }`;

interface Sold {
  readonly owner: Person & { readonly slug: string };
  readonly author: Person;
  readonly articleId: string;
  readonly productId: string;
  readonly priceId: string;
}

/** An article behind the paywall, on sale for 12.00 CNY. */
const articleOnSale = async (url: string): Promise<Sold> => {
  const owner = await foundCommunity(url);
  const author = await joined(url, 'author', owner.communityId);
  const { publishArticle } = await author.get<{ publishArticle: { id: string } }>(publish, {
    input: {
      communityId: owner.communityId,
      title: 'Ownership',
      body: `# ${secret}`,
      access: 'PAID',
      preview,
    },
  });
  const { createProduct } = await owner.get<{
    createProduct: { id: string; prices: { id: string }[] };
  }>(sell, {
    input: {
      communityId: owner.communityId,
      kind: 'ARTICLE',
      title: 'Ownership, the article',
      prices: [{ amount: { amountMinor: '1200', currency: 'CNY' } }],
      unlocks: [{ type: 'ARTICLE', id: publishArticle.id }],
    },
  });
  return {
    owner,
    author,
    articleId: publishArticle.id,
    productId: createProduct.id,
    priceId: createProduct.prices[0]?.id ?? '',
  };
};

/** What the server sends, as text: headers of no interest, errors and all. */
const rawAnswer = async (client: Client, { articleId, owner, author }: Sold): Promise<string> =>
  JSON.stringify(
    await client.ask(everywhere, { id: articleId, slug: owner.slug, author: author.memberId }),
  );

const order = async (reader: Client, { priceId }: Sold, idempotencyKey: string) => {
  const { checkout } = await reader.get<{
    checkout: { orderId: string; status: string; paymentUrl: string };
  }>(buy, { input: { priceId, idempotencyKey, returnPath: '/articles' } });
  return checkout;
};

const choose = async (url: string, paymentUrl: string, choice: string): Promise<void> => {
  const answer = await fetch(`${url}${paymentUrl}`, {
    method: 'POST',
    body: new URLSearchParams({ choice }),
    redirect: 'manual',
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, paymentUrl]);
};

const opens = (reader: Client, sold: Sold): Promise<string> =>
  waitFor(() => rawAnswer(reader, sold), { until: (text) => text.includes('XYZZY') });
const locks = (reader: Client, sold: Sold): Promise<string> =>
  waitFor(() => rawAnswer(reader, sold), { until: (text) => !text.includes('XYZZY') });

/** Buying, with the sandbox as a provider, through the public endpoint alone. */
export const buying = (system: () => System): void => {
  it('sells an article: locked before, open after, once however often the provider tells', async () => {
    const { url } = system();
    const sold = await articleOnSale(url);
    const reader = await joined(url, 'reader', sold.owner.communityId);
    const stranger = clientOf(url);
    const before = await waitFor(() => rawAnswer(reader, sold), {
      until: (text) => text.includes(sold.productId),
    });
    for (const answer of [before, await rawAnswer(stranger, sold)]) {
      expect(answer).toContain(preview);
      expect(answer).toContain('"amountMinor":"1200"');
      expect(answer).not.toContain('XYZZY');
    }

    const session = await order(reader, sold, 'first');
    expect(session.status).toBe('AWAITING_PAYMENT');
    expect(await order(reader, sold, 'first')).toEqual(session);
    const page = await fetch(`${url}${session.paymentUrl}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('12.00 CNY');
    expect(await rawAnswer(reader, sold)).not.toContain('XYZZY');

    await choose(url, session.paymentUrl, 'duplicate');
    const paidAt = performance.now();
    await opens(reader, sold);
    expect(performance.now() - paidAt).toBeLessThan(5_000);
    expect(await rawAnswer(stranger, sold)).not.toContain('XYZZY');
    const again = await reader.get<{ checkout: { code: string } }>(buy, {
      input: { priceId: sold.priceId, idempotencyKey: 'second' },
    });
    expect(again.checkout.code).toBe('ALREADY_OWNED');
  });

  it('withholds what is disputed, gives it back when the shop wins, and takes it when it is refunded', async () => {
    const { url } = system();
    const sold = await articleOnSale(url);
    const reader = await joined(url, 'reader', sold.owner.communityId);
    const { orderId, paymentUrl } = await order(reader, sold, 'one');
    await choose(url, paymentUrl, 'reorder');
    await opens(reader, sold);

    await choose(url, paymentUrl, 'dispute');
    await locks(reader, sold);
    await choose(url, paymentUrl, 'dispute-won');
    await opens(reader, sold);

    const previewed = await reader.get<{ refundPreview: Record<string, unknown> }>(
      `query ($input: RefundPreviewInput!) { refundPreview(input: $input) {
        ... on RefundPreview { buyerGets { amountMinor } endsAccess } ... on UserError { code message } } }`,
      { input: { orderId } },
    );
    expect(previewed.refundPreview).toEqual({
      buyerGets: { amountMinor: '1200' },
      endsAccess: true,
    });
    await reader.get(
      `mutation ($input: RefundOrderInput!) { refundOrder(input: $input) { __typename ... on UserError { code message } } }`,
      { input: { orderId, idempotencyKey: 'back' } },
    );
    await locks(reader, sold);
    await waitFor(
      () =>
        reader.get<{ order: { status: string } }>(
          'query ($id: ID!) { order(id: $id) { status } }',
          {
            id: orderId,
          },
        ),
      { until: ({ order: { status } }) => status === 'REFUNDED', timeoutMs: 20_000 },
    );
  });

  it('takes no webhook that nobody signed, and shows orders to nobody else', async () => {
    const { url } = system();
    const sold = await articleOnSale(url);
    const reader = await joined(url, 'reader', sold.owner.communityId);
    const other = await joined(url, 'other', sold.owner.communityId);
    const { orderId } = await order(reader, sold, 'one');
    const forged = JSON.stringify({ id: 'evt-1', type: 'payment.settled', data: {} });
    const attempts: Record<string, string>[] = [
      {},
      { 'webhook-id': '1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' },
    ];
    for (const headers of attempts) {
      const answer = await fetch(`${url}/webhooks/sandbox`, {
        method: 'POST',
        body: forged,
        headers,
      });
      expect(answer.status).toBe(401);
    }
    expect((await fetch(`${url}/webhooks/nobody`, { method: 'POST', body: '{}' })).status).toBe(
      404,
    );
    const { errors } = await other.ask('query ($id: ID!) { order(id: $id) { id } }', {
      id: orderId,
    });
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
};
