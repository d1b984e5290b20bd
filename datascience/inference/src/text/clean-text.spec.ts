import { cleanProductText, cleanText } from './clean-text.js';

describe('cleanText', () => {
  it.each([
    ['nothing', '', ''],
    ['white space alone', ' \t\r\n\u00a0\u3000', ''],
    ['accents and case', 'ÉTÉ à Noël', 'ete a noel'],
    ['digits of any script', 'A4 ２５０g ٣', 'a0 000g 0'],
    ['compatibility forms', 'ﬁne ½ Ｗide', 'fine 0⁄0 wide'],
    ['a dotted capital I', 'İstanbul', 'istanbul'],
    ['tags, a space for each', '<p>Chaise<br/>rouge</p><b>x</b>', 'chaise rouge x'],
    ['attributes', '<a href="x > y" title=\'<b>\'>lien</a>', 'lien'],
    ['entities', 'caf&eacute; &amp; th&#233; &lt;3', 'cafe & the <0'],
    ['an ampersand that is none', 'AT&T R&D', 'at&t r&d'],
    ['scripts and styles', 'a<script>alert("b")</script><style>c{}</style>d', 'a d'],
    ['comments', 'a<!-- b -->c', 'ac'],
    ['a less-than sign that opens no tag', 'taille <XL pouces', 'taille xl pouces'],
    ['a tag that is cut off', '<p>chaise</p> rouge <span sty', 'chaise rouge'],
    ['NUL and control characters', 'a\0b\x07c\x1b', 'a b c'],
    ['soft hyphens and zero-width characters', 'ca\u00adna\u200bpé\ufeff', 'canape'],
    ['lone surrogates', 'a\ud800b\udc00', 'a b'],
    ['emoji', '🎁 Cadeau 👨‍👩‍👧', '🎁 cadeau 👨👩👧'],
    ['right-to-left text with marks', '\u202eכִּסֵּא\u202c', 'כסא'],
  ])('reads %s', (_case, raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });

  it.each([
    ['plain text', 'chaise rouge '.repeat(80_000)],
    ['nested tags', '<a>'.repeat(350_000)],
    ['less-than signs', '<'.repeat(1_000_000)],
    ['entities', '&amp;'.repeat(200_000)],
    ['accents', 'é'.repeat(1_000_000)],
    ['surrogates', '\ud800'.repeat(1_000_000)],
  ])('bounds its work on 1 MB of %s', (_case, raw) => {
    const start = performance.now();
    expect(cleanText(raw).length).toBeLessThanOrEqual(20_000);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('gives the same for a text that is clean already', () => {
    const clean = cleanText('<p>Fauteuil gonflable 120&nbsp;cm, été</p>');
    expect(cleanText(clean)).toBe(clean);
  });
});

describe('cleanProductText', () => {
  it.each([
    [null, undefined, ''],
    ['Chaise', null, 'chaise'],
    ['', '<p>rouge</p>', 'rouge'],
    ['<b>', '\0', ''],
    ['Chaise', 'Rouge', 'chaise rouge'],
  ])('joins %j and %j', (designation, description, text) => {
    expect(cleanProductText(designation, description)).toBe(text);
  });

  it('keeps an open tag of the title from swallowing the description', () => {
    expect(cleanProductText('Chaise <script>', 'rouge')).toBe('chaise rouge');
  });
});
