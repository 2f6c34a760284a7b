import MarkdownIt from 'markdown-it';
import { allowedTags, sanitiseHtml } from './sanitise';

/** CommonMark with tables; HTML in it is allowed as far as posts may contain it. */
const posts = new MarkdownIt({ html: true, linkify: true });

/** A line or two: emphasis, code and links; line breaks as written. */
const comments = new MarkdownIt({ html: false, linkify: true, breaks: true });

/** `Map<string>` outside of code is rather a type than a tag: what posts may not contain is shown as it was written. */
const showUnknownTags = (html: string): string =>
  html.replace(/<(?=[!?]|\/?([a-z][a-z0-9-]*))/gi, (bracket, name: string | undefined) =>
    name !== undefined && allowedTags.has(name.toLowerCase()) ? bracket : '&lt;',
  );

posts.renderer.rules.html_inline = (tokens, index) => showUnknownTags(tokens[index]?.content ?? '');
posts.renderer.rules.html_block = posts.renderer.rules.html_inline;

/** The sanitised HTML of a question, an answer or an article. */
export const renderPost = (markdown: string): string => sanitiseHtml(posts.render(markdown)).trim();

/** The sanitised HTML of a comment. */
export const renderComment = (markdown: string): string =>
  sanitiseHtml(comments.renderInline(markdown)).trim();
