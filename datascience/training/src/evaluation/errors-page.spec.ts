import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import sharp from 'sharp';
import type { DatasetRow } from '../datasets/dataset.js';
import { renderErrorsPage, type ErrorsPageInput } from './errors-page.js';
import { html } from './html.js';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style><svg onload=alert(1)>',
  '&lt;b&gt; &amp; &#x3c;script>',
  '\u202egnp.exe\u0000\u0007',
  '{{constructor}} ${7*7} <!-- --> ]]>',
  `${'<'.repeat(5_000)}`,
  '\ud800 lone',
];

let dir: string;
let photo: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vitrine-errors-'));
  photo = join(dir, '"><b>.png');
  await sharp({ create: { width: 400, height: 300, channels: 3, background: 'teal' } })
    .png()
    .toFile(photo);
  await writeFile(join(dir, 'broken.png'), 'no photo');
});
afterAll(() => rm(dir, { recursive: true }));

const metrics = {
  accuracy: 0,
  weighted_f1: 0,
  macro_f1: 0,
  log_loss: 1,
  ece: 0,
  baseline_accuracy: 0.5,
  n_train: 1,
  n_test: 1,
  train_seconds: 1,
  stated_precision: 0.95,
  abstention_threshold: 0.4,
  coverage: 0.5,
  answered_accuracy: 0.9,
};

/** Rows of category 0 that are all taken for 1, the first the most surely. */
function wrong(titles: readonly string[], imagePath: string | null = null): ErrorsPageInput {
  const rows = titles.map((designation, i): DatasetRow => ({
    index: `${i}`,
    designation,
    description: null,
    productId: `<${i}>`,
    imageId: null,
    imagePath,
    label: 0,
  }));
  return {
    evaluation: {
      rows,
      labels: new Int32Array(rows.length),
      probabilities: Float64Array.from(rows.flatMap((_, i) => [0.1 + i / 1000, 0.9 - i / 1000])),
      classes: 2,
      skipped: [],
    },
    categories: [
      { id: 10, label: 'Books <i>&amp;</i>' },
      { id: 20, label: '"Games"' },
    ],
    metrics,
    title: 'text <model>',
  };
}

/** What a browser would make of a page. */
function parse(page: string) {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const texts: string[] = [];
  const parser = new Parser({
    onopentag: (name, attributes) => tags.push({ name, attributes }),
    ontext: (text) => texts.push(text),
  });
  parser.end(page);
  return { tags, raw: texts.join(''), text: texts.join('').replace(/\s+/g, ' ') };
}

const TAGS = new Set(
  'html head meta title style body header h1 h2 h3 small p main section ol li div span img dl dt dd b bdi'.split(
    ' ',
  ),
);

describe('renderErrorsPage', () => {
  it('shows hostile titles as they are, and lets none of them act', async () => {
    const page = await renderErrorsPage(wrong(HOSTILE, photo));
    const { tags, text } = parse(page);
    expect(tags.filter(({ name }) => !TAGS.has(name))).toEqual([]);
    for (const { attributes } of tags) {
      expect(Object.keys(attributes).filter((name) => name.startsWith('on'))).toEqual([]);
      if (attributes.src !== undefined) expect(attributes.src).toMatch(/^data:image\/webp;base64,[\w+/=]+$/);
      expect(attributes.href).toBeUndefined();
    }
    expect(text).toContain('<script>alert(1)</script>');
    expect(text).toContain('&lt;b&gt; &amp; &#x3c;script>');
    expect(text).toContain('Books <i>&amp;</i>');
    expect(text).toContain('text <model>');

    expect(page).not.toMatch(/[\u0000-\u0008\u202e]/);
  });

  it('forbids every request, and needs none', async () => {
    const page = await renderErrorsPage(wrong(['a'], photo));
    expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/https?:|@import|url\(/);
  });

  it('shows small pictures, and says where there is none or it cannot be read', async () => {
    const { tags } = parse(await renderErrorsPage(wrong(['a'], photo)));
    const source = tags.find(({ name }) => name === 'img')?.attributes.src ?? '';
    const picture = await sharp(Buffer.from(source.split(',')[1] ?? '', 'base64')).metadata();
    expect([picture.width, picture.height]).toEqual([200, 150]);
    for (const path of [join(dir, 'broken.png'), join(dir, 'absent.png')]) {
      const page = await renderErrorsPage(wrong(['a'], path));
      expect(page).toContain('<span>no photo</span>');
      expect(page).not.toContain('<img');
    }
    expect(await renderErrorsPage(wrong(['a']))).not.toContain('class="photo"');
  });

  it('shows the 20 surest mistakes first, then each category, with what each is taken for', async () => {
    const titles = Array.from({ length: 30 }, (_, i) => `product number ${String(i).padStart(2, '0')}`);
    const { text, tags } = parse(await renderErrorsPage(wrong(titles)));
    const cards = tags.filter(({ attributes }) => attributes.class === 'card');
    expect(cards).toHaveLength(20 + 12);
    const order = [...text.matchAll(/product number (\d\d)/g)].map(([, number]) => Number(number));
    expect(order).toEqual([...titles.keys()].slice(0, 20).concat([...titles.keys()].slice(0, 12)));
    expect(text).toMatch(/30 of 30 wrong: taken for "Games" \(30\)\. The surest 12 are shown\./);
    expect(text).toMatch(/predicted "Games" 90\.0 % true Books <i>&amp;<\/i> 10\.0 %/);
    expect(text).toContain('it answers 50.0 % of the products, 90.0 % of them rightly');
  });

  it('says so where nothing is wrong', async () => {
    const input = wrong(['a']);
    input.evaluation.labels = Int32Array.of(1);
    expect(parse(await renderErrorsPage(input)).text).toMatch(/0 of 1 test products[^]*There are none\./);
  });
});

describe('html', () => {
  it('lets any text through as text, within elements and attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const page = html`<p title="${value}">${value}</p>`.text;
        const { tags, raw } = parse(page);

        const shown = value.replace(
          /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
          '\ufffd',
        );
        expect(tags).toEqual([{ name: 'p', attributes: { title: shown } }]);
        expect(raw).toBe(shown);
      }),
      { numRuns: 100 },
    );
  });
});
