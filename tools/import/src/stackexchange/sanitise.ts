import sanitizeHtml from 'sanitize-html';

/*
 * Bodies come from strangers through a file anyone can edit: only what formats a text stays.
 * An allow-list: what is not named here is dropped, its text kept; scripts, styles and the like go whole.
 */

const options: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'p',
      'br',
      'hr',
      'blockquote',
      'pre',
      'code',
      'div',
      'span',
    ],
    ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'a', 'img'],
    ...['b', 'strong', 'i', 'em', 's', 'strike', 'del', 'sup', 'sub', 'kbd'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height', 'loading', 'referrerpolicy'],
    ol: ['start'],
    th: [{ name: 'align', values: ['left', 'center', 'right'] }],
    td: [{ name: 'align', values: ['left', 'center', 'right'] }],
  },
  allowedClasses: {
    pre: ['lang-*', 'language-*'],
    code: ['lang-*', 'language-*'],
    blockquote: ['spoiler'],
  },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowedSchemesByTag: { img: ['https'] },
  allowProtocolRelative: false,
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'xmp',
    'iframe',
    'noembed',
    'noframes',
    'template',
  ],
  nestingLimit: 60,
  transformTags: {
    a: (tagName, { href, title }) => ({
      tagName,
      attribs: { ...link(href), ...named('title', title), rel: 'nofollow ugc noopener' },
    }),
    img: (tagName, { src, alt, title, width, height }) => ({
      tagName,
      attribs: {
        ...named('src', secure(src)),
        alt: alt ?? '',
        ...named('title', title),
        ...named('width', pixels(width)),
        ...named('height', pixels(height)),
        loading: 'lazy',
        referrerpolicy: 'no-referrer',
      },
    }),
    ol: (tagName, { start }) => ({ tagName, attribs: named('start', pixels(start)) }),
  },
  exclusiveFilter: (frame) => frame.tag === 'img' && frame.attribs['src'] === undefined,
};

/** The HTML of a post with nothing left in it that a browser would run, send or load without TLS. */
export const sanitisePost = (html: string): string => sanitizeHtml(html, options);

/** A link within the old site would lead somewhere else here: the text stays, the link goes. */
const link = (href: string | undefined): Record<string, string> => {
  const target = href?.trim().replace(/^\/\/(?=[^/])/, 'https://');
  return target !== undefined && /^(?:https?:\/\/|mailto:)/i.test(target) ? { href: target } : {};
};

const secure = (src: string | undefined): string | undefined => {
  const url = src?.trim().replace(/^(?:http:)?\/\//i, 'https://');
  return url !== undefined && /^https:\/\/[^/]/i.test(url) ? url : undefined;
};

const pixels = (size: string | undefined): string | undefined =>
  size !== undefined && /^\d{1,4}$/.test(size) ? size : undefined;

const named = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };
