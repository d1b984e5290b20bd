import type { ModelVersion } from '../store.js';
import { comparePromotion } from './gate.js';
import { readPromotionNote, writePromotionNote, type PromotionNote } from './promotion-tags.js';

const version = (number: number, tags: Record<string, string>): ModelVersion => ({
  name: 'text',
  version: number,
  runId: null,
  source: '',
  createdAt: 0,
  description: '',
  tags,
  aliases: [],
});
const scored = (number: number, weightedF1: string, logLoss: string, testHash = 'same') =>
  version(number, { test_hash: testHash, 'metrics.weighted_f1': weightedF1, 'metrics.log_loss': logLoss });

describe('comparePromotion', () => {
  const inPlace = scored(1, '0.9', '0.4');

  it.each([
    ['better', '0.91', '0.39'],
    ['the same', '0.9', '0.4'],
    ['worse by exactly the margins', '0.895', '0.42'],
  ])('passes what is %s', (_case, f1, logLoss) => {
    expect(comparePromotion(scored(2, f1, logLoss), inPlace)).toMatchObject({ passed: true, objections: [] });
  });

  it('gives every objection and both sides’ numbers', () => {
    expect(comparePromotion(scored(2, '0.8949', '0.4201'), inPlace)).toEqual({
      passed: false,
      objections: [
        'version 2 of text is worse: weighted F1 0.8949 against 0.9000',
        'version 2 of text is worse: log loss 0.4201 against 0.4000',
      ],
      candidate: { version: 2, testHash: 'same', weightedF1: 0.8949, logLoss: 0.4201 },
      inPlace: { version: 1, testHash: 'same', weightedF1: 0.9, logLoss: 0.4 },
    });
  });

  it('compares no scores of different data, or of data that nobody named', () => {
    const objections = ['version 2 of text and version 1 were tested on different data'];
    expect(comparePromotion(scored(2, '1', '0', 'other'), inPlace).objections).toEqual(objections);
    expect(comparePromotion(version(2, {}), version(1, {})).objections).toEqual(objections);
  });

  it('compares on the candidate’s split where the version in place was measured on it', () => {
    const rematch = (number: number, f1: string) => ({
      ...scored(2, '0.9', '0.4', 'other'),
      tags: {
        ...scored(2, '0.9', '0.4', 'other').tags,
        'rematch.version': String(number),
        'rematch.weighted_f1': f1,
        'rematch.log_loss': '0.4',
      },
    });
    expect(comparePromotion(rematch(1, '0.9'), inPlace).passed).toBe(true);
    expect(comparePromotion(rematch(1, '0.99'), inPlace).objections).toEqual([
      'version 2 of text is worse: weighted F1 0.9000 against 0.9900',
    ]);
    // Measured against a version that is no longer in place.
    expect(comparePromotion(rematch(3, '0.1'), inPlace).passed).toBe(false);
  });

  it.each([
    ['0.0100', true],
    ['0.0101', false],
    ['NaN', true],
  ])('looks at chance, whatever is in place: p = %s', (p, passes) => {
    const candidate = version(2, { ...scored(2, '0.95', '0.3').tags, 'metrics.chance_p_value': p });
    expect(comparePromotion(candidate, inPlace).passed).toBe(passes);
    const { passed, inPlace: none } = comparePromotion(candidate, null);
    expect([passed, none]).toEqual([passes, null]);
  });

  it.each(['NaN', '', 'Infinity', 'high'])('takes a score of %p for none', (score) => {
    const { passed, candidate } = comparePromotion(scored(2, score, '0.4'), inPlace);
    expect([passed, candidate.weightedF1]).toEqual([false, null]);
  });
});

describe('promotion notes', () => {
  const note: PromotionNote = {
    id: 'f2c7',
    action: 'rollback',
    from: 3,
    at: '2026-01-02T03:04:05.678Z',
    by: 'jana',
    reason: 'complaints',
  };

  it('survive being written as tags, each alias by itself', () => {
    const tags = {
      ...writePromotionNote('production', note),
      ...writePromotionNote('staging', { ...note, from: null }),
    };
    expect(readPromotionNote(tags, 'production')).toEqual(note);
    expect(readPromotionNote(tags, 'staging')).toEqual({ ...note, from: null });
    expect(readPromotionNote(tags, 'other')).toBeNull();
  });
});
