import type { Account } from '../accounts/account.entity';
import { renderBio } from './bio-html';

/**
 * What search engines read of an author (schema.org, JSON-LD). Nothing is in it that the profile does not show. It
 * can stand in a page: no text of a person ends the script element around it.
 */
export const authorJsonLd = (account: Account): string =>
  JSON.stringify({
    '@context': 'https://schema.org',
    '@type': 'ProfilePage',
    dateCreated: account.createdAt.toISOString(),
    mainEntity: {
      '@type': 'Person',
      identifier: account.id,
      name: account.displayName,
      alternateName: account.handle,
      ...(account.bio === '' ? {} : { description: plain(renderBio(account.bio)) }),
      ...(account.avatarUrl === null ? {} : { image: account.avatarUrl }),
      ...(account.links.length === 0 ? {} : { sameAs: account.links }),
    },
  }).replaceAll('<', String.raw`\u003c`);

const plain = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
