import { Graph, layout } from '@dagrejs/dagre';
import type { GraphNodeDto, PipelineGraphDto } from '../dto/pipeline.dto.js';
import type { StepState } from '../store/run-records.js';

/** Width of a character of the label's font at its size, and the box around it, in pixels. */
const CHARACTER_WIDTH = 7.3;
const PADDING = 28;
const NODE_HEIGHT = 44;
const MARGIN = 16;

/** Fill, border and text of each state: told apart by words as well, never by colour alone (WCAG 1.4.1, 1.4.3). */
const colours: Readonly<Record<StepState | 'none', readonly [string, string, string]>> = {
  none: ['#f3f4f6', '#6b7280', '#111827'],
  pending: ['#f3f4f6', '#6b7280', '#111827'],
  running: ['#dbeafe', '#1d4ed8', '#1e3a8a'],
  succeeded: ['#dcfce7', '#15803d', '#14532d'],
  failed: ['#fee2e2', '#b91c1c', '#7f1d1d'],
  skipped: ['#fef9c3', '#a16207', '#713f12'],
  cancelled: ['#f5f5f4', '#78716c', '#44403c'],
};

interface Point {
  x: number;
  y: number;
}

interface Box extends Point {
  width: number;
  height: number;
}

/** Draws a graph from left to right as an SVG that stands alone; what it says is also in its title and description. */
export function drawGraph(graph: PipelineGraphDto): string {
  const layered = layOut(graph);
  const { width = 0, height = 0 } = layered.graph();
  const edges = graph.edges.map(({ from, to }) => {
    // The first and the last point lie on the boxes' borders; three in all lead to the next rank.
    const points = layered.edge(from, to).points ?? [];
    const between = points.length > 3 ? points.slice(1, -1) : [];
    return drawEdge(layered.node(from) as Box, layered.node(to) as Box, between);
  });
  const nodes = graph.nodes.map((node) => drawNode(node, layered.node(node.name) as Box));
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" role="img"`,
    ` aria-labelledby="graph-title graph-description" font-family="ui-sans-serif, system-ui, sans-serif">`,
    `<title id="graph-title">Pipeline ${escapeXml(graph.pipeline_id)}</title>`,
    `<desc id="graph-description">${escapeXml(describe(graph))}</desc>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">`,
    `<path d="M0 0 8 4 0 8z" fill="#4b5563"/></marker></defs>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...edges,
    ...nodes,
    `</svg>`,
  ].join('\n');
}

function layOut({ nodes, edges }: PipelineGraphDto): Graph {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 44, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of nodes) {
    const width = Math.max(96, Math.ceil(name.length * CHARACTER_WIDTH) + PADDING);
    graph.setNode(name, { width, height: NODE_HEIGHT });
  }
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  return graph;
}

/** A curve from the right side of a box to the left side of another; over more than one rank by way of `between`. */
function drawEdge(from: Box, to: Box, between: readonly Point[]): string {
  const stops = [{ x: from.x + from.width / 2, y: from.y }, ...between, { x: to.x - to.width / 2, y: to.y }];
  const path = stops.slice(1).map((stop, index) => {
    const { x, y } = stops[index]!;
    const middle = at((x + stop.x) / 2);
    return `C${middle} ${at(y)} ${middle} ${at(stop.y)} ${at(stop.x)} ${at(stop.y)}`;
  });
  return `<path d="M${at(stops[0]!.x)} ${at(stops[0]!.y)}${path.join('')}" fill="none" stroke="#4b5563" stroke-width="1.5" marker-end="url(#arrow)"/>`;
}

function drawNode({ name, description, state }: GraphNodeDto, { x, y, width, height }: Box): string {
  const [fill, border, text] = colours[state ?? 'none'];
  const left = at(x - width / 2);
  const top = at(y - height / 2);
  const nameY = state ? y - 3 : y + 4;
  return [
    `<g data-step="${escapeXml(name)}" data-state="${state ?? 'none'}"><title>${escapeXml(`${name}: ${description}`)}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="${border}" stroke-width="1.5"/>`,
    `<text x="${at(x)}" y="${at(nameY)}" text-anchor="middle" font-size="13" fill="${text}">${escapeXml(name)}</text>`,
    ...(state
      ? [
          `<text x="${at(x)}" y="${at(y + 13)}" text-anchor="middle" font-size="10" fill="${text}">${state}</text>`,
        ]
      : []),
    `</g>`,
  ].join('');
}

/** The graph in words. */
function describe({ nodes, edges }: PipelineGraphDto): string {
  return nodes
    .map(({ name, state }) => {
      const before = edges.filter(({ to }) => to === name).map(({ from }) => from);
      return `${name}${state ? ` (${state})` : ''}${before.length > 0 ? ` after ${before.join(', ')}` : ''}`;
    })
    .join('; ');
}

const at = (value: number): string => value.toFixed(1);

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
