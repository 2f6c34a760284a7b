import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

/** A bio is a few paragraphs: emphasis, lists, code and links. HTML in it is shown as it was written. */
const bios = new MarkdownIt('commonmark', { html: false, linkify: true, breaks: true }).enable(
  'linkify',
);

const options: sanitizeHtml.IOptions = {
  allowedTags: 'p br strong em ul ol li blockquote code pre a h1 h2 h3 hr'.split(' '),
  allowedAttributes: { a: ['href', 'rel'] },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowProtocolRelative: false,
  nestingLimit: 20,
  transformTags: {
    a: (tagName, { href }) => ({
      tagName,
      attribs: {
        // A relative address would point into whatever site shows the profile.
        ...(href !== undefined && /^(?:https?:\/\/|mailto:)/i.test(href) ? { href } : {}),
        rel: 'nofollow ugc noopener me',
      },
    }),
  },
};

/** The sanitised HTML of a bio. */
export const renderBio = (markdown: string): string =>
  sanitizeHtml(bios.render(markdown), options).trim();
