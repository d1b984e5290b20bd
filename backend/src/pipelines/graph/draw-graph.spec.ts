import { drawGraph } from './draw-graph.js';

const node = (name: string, state: 'failed' | null = null) => ({
  name,
  description: `Does "${name}" & <more>`,
  state,
});

it('says in words what it shows in colours, and lets no markup in', () => {
  const svg = drawGraph({
    pipeline_id: '<p>',
    run_id: null,
    nodes: [node('a'), node('b', 'failed')],
    edges: [{ from: 'a', to: 'b' }],
  });
  expect(svg).toContain('<title id="graph-title">Pipeline &lt;p&gt;</title>');
  expect(svg).toContain('<desc id="graph-description">a; b (failed) after a</desc>');
  expect(svg).toContain('Does &quot;a&quot; &amp; &lt;more&gt;');
  expect(svg.match(/marker-end/g)).toHaveLength(1);
  expect(svg).not.toContain('<more>');
});

it('leads an edge over several ranks around what lies between', () => {
  const names = ['a', 'b', 'c', 'd'];
  const svg = drawGraph({
    pipeline_id: 'p',
    run_id: null,
    nodes: names.map((name) => node(name)),
    edges: [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'd' },
      { from: 'a', to: 'd' },
    ],
  });
  const curves = [...svg.matchAll(/<path d="M[^"]*" fill="none"/g)].map(
    ([path]) => path.split('C').length - 1,
  );
  expect(Math.max(...curves)).toBeGreaterThan(1);
});
