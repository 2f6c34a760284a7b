import sanitizeHtml from 'sanitize-html';

/*
 * What a post may contain: tags that format a text. An allow-list: a tag that is not named here is dropped and
 * its text kept; scripts, styles and the like go whole.
 */
const formatting =
  'h1 h2 h3 h4 h5 h6 p br hr blockquote pre code div span ul ol li dl dt dd a img b strong i em s strike del sup sub kbd table thead tbody tr th td';

export const allowedTags: ReadonlySet<string> = new Set(formatting.split(' '));

const alignment = { name: 'align', values: ['left', 'center', 'right'] };

const options: sanitizeHtml.IOptions = {
  allowedTags: [...allowedTags],
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height', 'loading', 'referrerpolicy'],
    ol: ['start'],
    th: [alignment],
    td: [alignment],
  },
  allowedClasses: {
    pre: ['lang-*', 'language-*'],
    code: ['lang-*', 'language-*'],
    blockquote: ['spoiler'],
  },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowedSchemesByTag: { img: ['https'] },
  allowProtocolRelative: false,
  nonTextTags: 'script style textarea option noscript xmp iframe noembed noframes template'.split(
    ' ',
  ),
  nestingLimit: 60,
  transformTags: {
    a: (tagName, { href, title }) => ({
      tagName,
      attribs: {
        ...given('href', webAddress(href)),
        ...given('title', title),
        rel: 'nofollow ugc noopener',
      },
    }),
    img: (tagName, { src, alt, title, width, height }) => ({
      tagName,
      attribs: {
        ...given('src', secure(src)),
        alt: alt ?? '',
        ...given('title', title),
        ...given('width', pixels(width)),
        ...given('height', pixels(height)),
        loading: 'lazy',
        referrerpolicy: 'no-referrer',
      },
    }),
    ol: (tagName, { start }) => ({ tagName, attribs: given('start', pixels(start)) }),
  },
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs['src'] === undefined,
};

/** The HTML with nothing left in it that a browser would run, send, or load without TLS. */
export const sanitiseHtml = (html: string): string => sanitizeHtml(html, options);

const given = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };

/** A relative address would point into whatever site shows the post. */
const webAddress = (href: string | undefined): string | undefined => {
  const address = href?.trim();
  return address !== undefined && /^(?:https?:\/\/|mailto:)/i.test(address) ? address : undefined;
};

/** Pages that show posts have TLS, and browsers load no images without it into those. */
const secure = (src: string | undefined): string | undefined => {
  const url = src?.trim().replace(/^(?:http:)?\/\//i, 'https://');
  return url !== undefined && /^https:\/\/[^/]/i.test(url) ? url : undefined;
};

const pixels = (size: string | undefined): string | undefined =>
  size !== undefined && /^\d{1,4}$/.test(size) ? size : undefined;
