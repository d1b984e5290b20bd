import { buildNotes } from './release-notes.mjs';

const commit = (subject, body = '') => ({ hash: '0123456789abcdef', subject, body });

describe('release notes', () => {
  it('group the changes that users see, in a fixed order', () => {
    const commits = ['fix: b', 'chore: not told', 'feat(api): a', 'Merge branch x', 'perf!: c'].map((s) =>
      commit(s),
    );
    expect(buildNotes(commits)).toBe(
      '## Breaking changes\n\n- c (0123456)\n\n## Features\n\n- **api**: a (0123456)\n\n' +
        '## Fixes\n\n- b (0123456)\n\n## Performance\n\n- c (0123456)\n',
    );
  });

  it('tell a breaking change in the words of its footer', () => {
    const notes = buildNotes([commit('feat: a', 'why\n\nBREAKING CHANGE: tokens end')]);
    expect(notes).toContain('## Breaking changes\n\n- tokens end (0123456)');
  });

  it('say so where there is nothing to tell', () => {
    expect(buildNotes([commit('chore: a')])).toBe('No change that users see.\n');
  });
});
