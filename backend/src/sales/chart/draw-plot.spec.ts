import { drawPng, drawSvg } from './draw-plot.js';
import { monthlySalesPlot } from './monthly-sales-plot.js';

const rows = [
  { month: 202001, vegetable: 'leek', sales: 3, isOutlier: false },
  { month: 202002, vegetable: 'leek', sales: 500, isOutlier: true },
  { month: 202002, vegetable: 'pear', sales: 5, isOutlier: false },
];

describe('the plot of monthly sales', () => {
  it('is drawn with its outliers marked', async () => {
    const svg = (await drawSvg(monthlySalesPlot(rows))).toString();
    expect(svg).toMatch(/^<svg[^]*leek[^]*pear[^]*<\/svg>$/);
    expect(svg.match(/stroke="#c00"/g)).toHaveLength(2); // the month and its legend
  });

  it('shows the ten that sell most', async () => {
    const many = Array.from({ length: 12 }, (_, i) => ({ ...rows[0]!, vegetable: `v${i}x`, sales: i }));
    const svg = (await drawSvg(monthlySalesPlot(many))).toString();
    expect([svg.includes('v11x'), svg.includes('v2x'), svg.includes('v1x')]).toEqual([true, true, false]);
  });

  it('is drawn as PNG with letters', async () => {
    const png = await drawPng(monthlySalesPlot(rows));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBeGreaterThan(10_000);
  });
});
