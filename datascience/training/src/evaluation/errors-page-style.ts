import { Markup } from './html.js';

/** The page's own style: no font, picture or sheet from elsewhere; light and dark as the reader's system is. */
export const ERRORS_PAGE_STYLE = new Markup(`
:root { color-scheme: light dark; --ground: #fbfbfa; --card: #fff; --ink: #1d1f22; --soft: #63686f; --line: #dfe1e4; --wrong: #b3261e; --right: #1b6e3c; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #141517; --card: #1e2023; --ink: #e9eaec; --soft: #a0a5ad; --line: #34373c; --wrong: #ff8a80; --right: #7fd6a0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1240px; padding: 24px 20px 60px; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0; }
h2 { font-size: 19px; margin: 36px 0 12px; }
h3 { font-size: 16px; margin: 26px 0 0; }
h3 small { color: var(--soft); font-weight: 400; }
header p, section > p { margin: 4px 0 12px; color: var(--soft); overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(176px, 1fr)); gap: 12px; margin: 0; padding: 0; list-style: none; }
.card { display: flex; flex-direction: column; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px; min-width: 0; }
.photo { display: grid; place-items: center; height: 144px; background: #fff; border-radius: 4px; margin-bottom: 8px; color: #63686f; font-size: 13px; }
.photo:has(span) { background: var(--ground); color: var(--soft); }
.photo img { max-width: 100%; max-height: 144px; object-fit: contain; }
.title { margin: 0; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; overflow-wrap: anywhere; }
.product { margin: 2px 0 8px; color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 8px; margin: auto 0 0; font-size: 13px; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
b { font-variant-numeric: tabular-nums; white-space: nowrap; }
.wrong { color: var(--wrong); }
.right { color: var(--right); }
`);
