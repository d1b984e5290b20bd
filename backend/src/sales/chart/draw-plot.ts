import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';

const FONT = 'DejaVu Sans';
/** Twice the density of SVG's 72 dots an inch: sharp on today's screens. */
const DENSITY = 144;

/** Draws a Vega-Lite plot as SVG. The libraries are loaded with the first one: few processes draw. */
export async function drawSvg(spec: TopLevelSpec): Promise<Buffer> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const config = { font: FONT, background: 'white', ...spec.config };
  const view = new vega.View(vega.parse(vegaLite.compile({ ...spec, config }).spec), { renderer: 'none' });
  try {
    return Buffer.from(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Draws a Vega-Lite plot as PNG. */
export async function drawPng(spec: TopLevelSpec): Promise<Buffer> {
  const svg = await drawSvg(spec);
  await (fontProvided ??= provideFont());
  const { default: sharp } = await import('sharp');
  return sharp(svg, { density: DENSITY }).flatten({ background: '#fff' }).png().toBuffer();
}

let fontProvided: Promise<void> | undefined;

/** Tells fontconfig, which draws the letters, where our font is: a bare server has none. Before it first looks. */
async function provideFont(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json');
  const dir = join(tmpdir(), `vitrine-fonts-${process.getuid?.() ?? 0}`);
  const file = join(dir, 'sales-fonts.conf');
  await mkdir(dir, { recursive: true });
  await writeFile(
    file,
    `<?xml version="1.0"?>\n<fontconfig><dir>${join(dirname(manifest), 'ttf')}</dir>` +
      `<cachedir>${join(dir, 'cache')}</cachedir></fontconfig>\n`,
  );
  // eslint-disable-next-line no-restricted-properties -- fontconfig is configured in no other way
  process.env.FONTCONFIG_FILE ??= file;
}
