import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';

const FONT = 'DejaVu Sans';
/** Twice the density of SVG's 72 dots an inch: sharp on today's screens. */
const DENSITY = 144;

/**
 * Draws a Vega-Lite plot as PNG. The font is shipped with us: a bare server has none.
 */
export async function renderPlot(spec: TopLevelSpec): Promise<Buffer> {
  await provideFont();
  const [vega, vegaLite, { default: sharp }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('sharp'),
  ]);
  const compiled = vegaLite.compile({
    ...spec,
    config: { font: FONT, background: 'white', ...spec.config },
  }).spec;
  const svg = await new vega.View(vega.parse(compiled), { renderer: 'none' }).toSVG();
  return sharp(Buffer.from(svg), { density: DENSITY }).flatten({ background: '#fff' }).png().toBuffer();
}

let fontProvided: Promise<void> | undefined;

/** Tells fontconfig, which draws the letters, where our font is; must happen before it first looks. */
function provideFont(): Promise<void> {
  fontProvided ??= (async () => {
    const fonts = join(
      dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')),
      'ttf',
    );
    const dir = join(tmpdir(), `vitrine-fonts-${process.getuid?.() ?? 0}`);
    const file = join(dir, 'fonts.conf');
    await mkdir(dir, { recursive: true });
    await writeFile(
      file,
      `<?xml version="1.0"?>\n<fontconfig><dir>${fonts}</dir><cachedir>${join(dir, 'cache')}</cachedir></fontconfig>\n`,
    );
    // eslint-disable-next-line no-restricted-properties -- fontconfig is configured in no other way
    process.env.FONTCONFIG_FILE ??= file;
  })();
  return fontProvided;
}
