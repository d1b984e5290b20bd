import { parseCsvInvocation, parseJsonInvocation } from './parse-invocation.js';

const records = [
  { designation: 'Un livre', description: null },
  { designation: 'Une "pompe"', description: 'NaN, -Infinity\\' },
];

describe('parseJsonInvocation', () => {
  it.each([
    ['dataframe_records', { dataframe_records: records }],
    [
      'dataframe_split',
      {
        dataframe_split: {
          columns: ['designation', 'description'],
          index: [0, 1],
          data: records.map(({ designation, description }) => [designation, description]),
        },
      },
    ],
    ['instances', { instances: records }],
    ['inputs by record', { inputs: records }],
    [
      'inputs by column',
      {
        inputs: {
          designation: records.map(({ designation }) => designation),
          description: records.map(({ description }) => description),
        },
      },
    ],
  ])('reads %s', (_form, body) => {
    expect(parseJsonInvocation(JSON.stringify(body))).toEqual(records);
    expect(parseJsonInvocation(JSON.stringify({ ...body, params: { any: 1 } }))).toEqual(records);
  });

  it('reads one record of inputs, and none', () => {
    expect(parseJsonInvocation('{"inputs": {"designation": "a"}}')).toEqual([{ designation: 'a' }]);
    expect(parseJsonInvocation('{"dataframe_records": []}')).toEqual([]);
    expect(parseJsonInvocation('{"inputs": {"designation": []}}')).toEqual([]);
  });

  it("takes Python's NaN for a missing value, and leaves strings alone", () => {
    const body =
      '{"dataframe_split": {"columns": ["a", "b", "c"], "data": [[NaN, -Infinity, "NaN \\"Infinity\\\\"]]}}';
    expect(parseJsonInvocation(body)).toEqual([{ a: null, b: null, c: 'NaN "Infinity\\' }]);
  });

  it('reads a long string beside a NaN in linear time', () => {
    const long = `${'\\"'.repeat(1_000_000)}${'A'.repeat(4_000_000)}`;
    expect(parseJsonInvocation(`{"instances": [{"image": "${long}", "x": NaN}]}`)).toHaveLength(1);
    expect(() => parseJsonInvocation(`{"instances": [NaN, "${long}`)).toThrow(/valid JSON/);
  });

  it.each([
    ['no JSON', '{', /valid JSON/],
    ['nothing', '', /valid JSON/],
    ['a list', '[{"designation": "a"}]', /got a list/],
    ['null', 'null', /got a null/],
    ['no field', '{"data": []}', /exactly one of .* input fields: data/],
    ['two fields', '{"instances": [], "inputs": []}', /exactly one/],
    ['an inherited field', '{"__proto__": {"instances": []}}', /exactly one/],
    ['records that are no list', '{"dataframe_records": {"a": 1}}', /must be a list of records/],
    ['a record that is a list', '{"dataframe_records": [{}, ["a"]]}', /Record 1: must be a dictionary/],
    ['a split without columns', '{"dataframe_split": {"data": []}}', /columns must be a list/],
    ['a split without data', '{"dataframe_split": {"columns": []}}', /data must be a list/],
    ['a row of another length', '{"dataframe_split": {"columns": ["a"], "data": [[1], [1, 2]]}}', /Record 1/],
    ['columns of two lengths', '{"inputs": {"a": [1], "b": [1, 2]}}', /lists of one length/],
    ['a column beside a value', '{"inputs": {"a": [1], "b": 1}}', /lists of one length/],
    ['inputs of another kind', '{"inputs": "a"}', /dictionary of columns or a list/],
  ])('refuses %s', (_case, body, message) => {
    expect(() => parseJsonInvocation(body)).toThrow(message);
    expect(() => parseJsonInvocation(body)).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', status: 400 }),
    );
  });
});

describe('parseCsvInvocation', () => {
  it('reads what pandas writes: an index, quotes, empty fields for missing values', () => {
    const csv = '\uFEFF,designation,description\r\n0,Un livre,\r\n1,"Une ""pompe""","a,\nb"\r\n';
    expect(parseCsvInvocation(csv)).toEqual([
      { '': '0', designation: 'Un livre', description: null },
      { '': '1', designation: 'Une "pompe"', description: 'a,\nb' },
    ]);
    expect(parseCsvInvocation('')).toEqual([]);
  });

  it('refuses rows of another length', () => {
    expect(() => parseCsvInvocation('a,b\n1,2\n3\n')).toThrow(/CSV cannot be read/);
  });
});
