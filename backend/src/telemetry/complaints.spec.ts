import { createComplaints } from './complaints.js';

describe('createComplaints', () => {
  it('tells of a receiver that stays away once a minute, in one line', () => {
    const lines: string[] = [];
    let now = 0;
    const complaints = createComplaints({ write: (line) => lines.push(line) }, () => now);
    complaints.error('connect ECONNREFUSED\n    at a stack');
    now = 59_000;
    complaints.error('again');
    now = 60_000;
    complaints.error('still');
    complaints.info('all is well');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'telemetry: connect ECONNREFUSED',
      'telemetry: still',
    ]);
  });
});
