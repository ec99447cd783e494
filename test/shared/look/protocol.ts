/** The protocol as it stands, or with a bug planted in it, ready to be run in the model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';
import type * as ModelLease from './model-lease';
import type * as ModelWork from './model-work';

const SOURCES = {
  look: join(__dirname, '../../../shared/look.ts'),
  lease: join(__dirname, 'model-lease.ts'),
  work: join(__dirname, 'model-work.ts'),
};

/** One exact replacement in a source text. */
export interface Edit {
  readonly file: keyof typeof SOURCES;
  readonly from: string;
  readonly to: string;
}

export interface Parts {
  readonly look: ModelWork.Protocol;
  readonly lease: typeof ModelLease;
  readonly work: typeof ModelWork;
}

/** Loads the parts with these edits made. Throws for an edit whose text is not there exactly once. */
export function loadParts(edits: readonly Edit[] = []): Parts {
  return {
    look: load('look', edits) as ModelWork.Protocol,
    lease: load('lease', edits) as typeof ModelLease,
    work: load('work', edits) as typeof ModelWork,
  };
}

function load(file: Edit['file'], edits: readonly Edit[]): unknown {
  const source = edits.filter((edit) => edit.file === file).reduce(edited, readFileSync(SOURCES[file], 'utf8'));
  const { code } = transformSync(source, {
    filename: SOURCES[file],
    configFile: false,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const exported = {};
  compileFunction(code, ['exports'])(exported);
  return exported;
}

function edited(source: string, { from, to, file }: Edit): string {
  const found = source.split(from).length - 1;
  if (found !== 1) throw new Error(`the text to replace is ${found} times in ${file}, not once: ${from}`);
  return source.replace(from, () => to);
}
