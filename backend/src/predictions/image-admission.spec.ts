import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { ImageAdmission } from './image-admission.js';

function buildReply(state: { closed: boolean } = { closed: false }) {
  const raw = Object.assign(new EventEmitter(), state);
  return { raw, reply: { raw } as unknown as FastifyReply };
}

function fill(admission: ImageAdmission): EventEmitter[] {
  const open: EventEmitter[] = [];
  for (let i = 0; i < 10_000; i++) {
    const { raw, reply } = buildReply();
    try {
      admission.enterUntilAnswered(reply);
    } catch {
      return open;
    }
    open.push(raw);
  }
  throw new Error('There is no bound');
}

describe('ImageAdmission', () => {
  it('is bounded, and says when to come again', () => {
    const admission = new ImageAdmission();
    expect(fill(admission).length).toBeGreaterThan(16);
    expect(() => admission.enterUntilAnswered(buildReply().reply)).toThrow(
      expect.objectContaining({ code: 'overloaded', retryAfterSeconds: 1 }),
    );
  });

  it('gives a place back when the answer is sent or the client is gone', () => {
    const admission = new ImageAdmission();
    const open = fill(admission);
    open.forEach((raw) => raw.emit('close'));
    expect(fill(admission)).toHaveLength(open.length);
  });

  it('loses no place to a client that was gone before', () => {
    const admission = new ImageAdmission();
    for (let i = 0; i < 1000; i++) admission.enterUntilAnswered(buildReply({ closed: true }).reply);
    expect(fill(admission).length).toBeGreaterThan(16);
  });
});
