import { posix } from 'node:path';
import { StoreError } from './store.js';

/** Longest name or key, in characters: MLflow's own limit. */
const MAX_NAME_LENGTH = 250;
/** Longest value of a parameter, and of a run's tag: a server cuts what is longer without a word. */
const MAX_PARAM_LENGTH = 6000;
const MAX_TAG_LENGTH = 8000;
const MAX_MODEL_TAG_LENGTH = 100_000;
/** MLflow's characters of a key; `\w` is Python's. */
const KEY = /^[\p{L}\p{M}\p{N}_/.\- :]+$/u;

function invalid(message: string): StoreError {
  return new StoreError('INVALID_PARAMETER_VALUE', message);
}

/** @throws StoreError `INVALID_PARAMETER_VALUE` where a name is blank, too long, or `.` or `..` */
export function checkName(kind: string, name: string): void {
  if (
    name.trim() === '' ||
    name === '.' ||
    name === '..' ||
    name.length > MAX_NAME_LENGTH ||
    name.includes('\0')
  ) {
    throw invalid(`${JSON.stringify(name.slice(0, 80))} cannot be a ${kind}`);
  }
}

/** A registered model's name: MLflow forbids `/` and `:` because URIs use them. */
export function checkModelName(name: string): void {
  if (/[/:]/.test(name)) throw invalid(`A model's name cannot hold "/" or ":": ${name.slice(0, 80)}`);
  checkName('model name', name);
}

/** An alias: letters, digits, `-` and `_`; `latest` and `v1`, `v2`… mean versions already. */
export function checkAlias(alias: string): void {
  checkName('alias', alias);
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias) || /^(latest|v\d+)$/i.test(alias)) {
    throw invalid(`${JSON.stringify(alias)} cannot be an alias`);
  }
}

/** The keys of parameters, tags or metrics; a key is a path as well, hence `a//b` and `../a` are refused. */
export function checkKeys(kind: string, keys: Iterable<string>): void {
  for (const key of keys) {
    checkName(`${kind}'s name`, key);
    if (!KEY.test(key) || posix.normalize(key) !== key || key.startsWith('..') || key.startsWith('/')) {
      throw invalid(
        `${JSON.stringify(key.slice(0, 80))} cannot name a ${kind}: letters, digits, "_", "-", ".", " ", ":" and "/" can`,
      );
    }
  }
}

/** Parameters: keys and the length of values. */
export function checkParams(params: Record<string, string>): void {
  checkKeys('parameter', Object.keys(params));
  checkLengths('parameter', params, MAX_PARAM_LENGTH);
}

/** Tags of a run: keys and the length of values. */
export function checkRunTags(tags: Record<string, string>): void {
  checkKeys('tag', Object.keys(tags));
  checkLengths('tag', tags, MAX_TAG_LENGTH);
}

/** Tags of a registered model or a version: keys and the length of values. */
export function checkModelTags(tags: Record<string, string>): void {
  checkKeys('tag', Object.keys(tags));
  checkLengths('tag', tags, MAX_MODEL_TAG_LENGTH);
}

function checkLengths(kind: string, values: Record<string, string>, max: number): void {
  for (const [key, value] of Object.entries(values)) {
    if (value.length > max) throw invalid(`The ${kind} ${key} is longer than ${max} characters`);
  }
}
