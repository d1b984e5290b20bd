import { SourceFileError } from './loading.errors.js';
import type { Dataset } from './datasets.js';
import { fieldTypes, type FieldParser } from './field-types.js';

/** Value of COPY's text format for null. */
const NULL = '\\N';

interface FieldReader {
  name: string;
  /** Position in the file's records; -1 where the file lacks an optional column. */
  position: number;
  parse: FieldParser;
  words: string;
  mayNeedEscapes: boolean;
}

/** Turns the records of one file into lines of COPY's text format: load, line, then the columns as `columns` names them. */
export class RecordEncoder {
  readonly columns: readonly string[];
  private readonly load: string;
  private fields: readonly FieldReader[] | null = null;

  constructor(
    private readonly dataset: Dataset,
    private readonly file: string,
    loadId: number,
  ) {
    this.columns = ['load_id', 'line', ...dataset.columns.map(({ name }) => name)];
    this.load = String(loadId);
  }

  /** True once the header was read. */
  get hasHeader(): boolean {
    return this.fields !== null;
  }

  /**
   * Takes the header, which says in which order the columns come.
   *
   * @throws SourceFileError where a column is missing, unknown or there twice
   */
  readHeader(header: readonly string[]): void {
    const names = header.map((name) => name.trim());
    const expected = this.dataset.columns;
    const missing = expected.filter(({ name, isOptional }) => !isOptional && !names.includes(name));
    const unknown = names.filter((name) => !expected.some((column) => column.name === name));
    const repeated = names.filter((name, i) => names.indexOf(name) !== i);
    const problems = [
      ...missing.map(({ name }) => `the column ${name} is missing`),
      ...unknown.map((name) => `the column ${quote(name)} is not known`),
      ...repeated.map((name) => `the column ${quote(name)} is there twice`),
    ];
    if (problems.length > 0) {
      const wanted = expected.map(({ name, isOptional }) => (isOptional ? `[${name}]` : name)).join(',');
      this.fail('columns', 1, `${problems.slice(0, 5).join('; ')} (expected: ${wanted})`);
    }
    this.fields = expected.map(({ name, type }) => ({
      name,
      position: names.indexOf(name),
      ...fieldTypes[type],
      mayNeedEscapes: type === 'text',
    }));
  }

  /** @throws SourceFileError where a field does not have its form */
  encode(record: readonly string[], line: number): string {
    let encoded = `${this.load}\t${line}`;
    for (const field of this.fields!) {
      encoded += `\t${this.encodeField(field, record[field.position] ?? '', line)}`;
    }
    return `${encoded}\n`;
  }

  private encodeField(
    { name, parse, words, mayNeedEscapes }: FieldReader,
    text: string,
    line: number,
  ): string {
    if (text === '') return NULL;
    const value = parse(text);
    if (value === null) this.fail('value', line, `${name} must be ${words}, not ${quote(text)}`);
    return mayNeedEscapes ? escape(value) : value;
  }

  private fail(problem: 'columns' | 'value', line: number, detail: string): never {
    throw new SourceFileError(problem, { file: this.file, line }, detail);
  }
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escape = (text: string): string => text.replace(/[\\\t\n\r]/g, (character) => escapes[character]!);

/** A field as it is shown: its beginning, with what cannot be seen made visible. */
const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
