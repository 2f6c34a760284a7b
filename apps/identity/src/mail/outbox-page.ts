import type { Deps } from '@lyceum/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { kitOf } from '../kit';
import type { Mail } from './mail.entity';
import { contentOf } from './send-mail.job';
import { escapeHtml } from './templates';

/**
 * The mails that nobody sent, for the developer at this machine. They carry tokens, so the page is there only
 * while there is no SMTP server, for connections from this machine, to an address of it: no other site's page
 * can read it, by whatever name it calls this machine.
 */
export const addOutboxPage = (server: FastifyInstance, deps: Deps): void => {
  server.get('/mail', async (request, reply) => {
    if (kitOf({ deps }).mailer !== null || !isFromHere(request)) return notHere(reply);
    const mails = await deps.dataSource.manager.query<Row[]>(
      `SELECT recipient, template, locale, details, proof_id AS "proofId", state, created_at AS "createdAt"
       FROM mail WHERE account_id IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT 50`,
    );
    await reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .header('referrer-policy', 'no-referrer')
      .header('x-frame-options', 'DENY')
      .header('x-content-type-options', 'nosniff')
      .send(page(mails.map((mail) => shown(deps, mail))));
  });
};

type Row = Pick<
  Mail,
  'recipient' | 'template' | 'locale' | 'details' | 'proofId' | 'state' | 'createdAt'
>;

const isFromHere = ({ ip, headers }: FastifyRequest): boolean =>
  /^(127\.|::1$|::ffff:127\.)/.test(ip) &&
  /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(headers.host ?? '') &&
  headers['x-forwarded-for'] === undefined;

const notHere = async (reply: FastifyReply): Promise<void> => {
  await reply.code(404).send({ message: 'There is nothing at this address.' });
};

const shown = (deps: Deps, mail: Row): string => {
  const content = contentOf({ deps }, mail);
  const text = escapeHtml(content?.text ?? '').replace(
    /https?:\/\/[^\s<]+/g,
    (link) => `<a href="${link}" rel="noreferrer">${link}</a>`,
  );
  return [
    '<article>',
    `<h2>${escapeHtml(content?.subject ?? mail.template)}</h2>`,
    `<p>to ${escapeHtml(mail.recipient)} · ${mail.createdAt.toISOString()} · ${escapeHtml(mail.state)}</p>`,
    `<pre>${text}</pre>`,
    '</article>',
  ].join('');
};

const style =
  'body{font-family:sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}' +
  'article{border-top:1px solid #ccc}pre{white-space:pre-wrap;overflow-wrap:anywhere}';

const page = (articles: readonly string[]): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mail of Lyceum</title>',
    `<style>${style}</style></head><body><h1>Mail</h1>`,
    '<p>There is no SMTP server, so these were not sent. The latest 50, newest first.</p>',
    articles.length === 0 ? '<p>None yet.</p>' : articles.join(''),
    '</body></html>',
  ].join('');
