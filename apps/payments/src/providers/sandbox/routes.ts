import type { Deps } from '@lyceum/platform';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { choose, isChoice } from './choose';
import { noPage, sandboxPage } from './page';
import { sandboxPayment } from './sandbox-payment';

const path = '/pay/sandbox/:ref';

/** The sandbox's hosted page. Whoever has its address may choose: the address cannot be guessed. */
export const sandboxRoutes = (server: FastifyInstance, deps: Deps): void => {
  void server.register((pages, _, done) => {
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1_000 },
      (_request, body, parsed) => parsed(null, new URLSearchParams(body as string)), // parseAs: 'string'
    );
    pages.get<{ Params: { ref: string } }>(path, async ({ params }, reply) => {
      const payment = await sandboxPayment(deps, params.ref);
      return send(reply, payment === null ? [404, noPage] : [200, sandboxPage(payment)]);
    });
    pages.post<{ Params: { ref: string }; Body: unknown }>(
      path,
      async ({ params, body }, reply) => {
        const payment = await sandboxPayment(deps, params.ref);
        if (payment === null) return send(reply, [404, noPage]);
        const choice = body instanceof URLSearchParams ? (body.get('choice') ?? '') : '';
        if (!isChoice(choice)) return send(reply, [400, sandboxPage(payment)]);
        await choose(deps, payment, choice);
        return reply.redirect(`/pay/sandbox/${payment.ref}`, 303);
      },
    );
    done();
  });
};

const send = (reply: FastifyReply, [status, html]: readonly [number, string]): FastifyReply =>
  reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    .send(html);
