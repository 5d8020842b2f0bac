// `count`: tokens of files or of standard input, each with its grade. Files that cannot be counted are named with one
// reason each and make the exit code 1; the others are counted all the same.
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatGraded } from '../format';
import { countText, Encoders, LARGEST_FILE_BYTES, partsOf, readText, tooLarge } from '../tokens/countText';
import { type Estimate, kindOfText, sumOf } from '../tokens/estimate';
import { harmless, type Io, table, UsageError } from './terminal';

/** Counted for where no --model is given: a model of OpenAI's current vocabulary, o200k_base. */
const defaultModel = 'gpt-5';

interface Counted {
  readonly path: string;
  readonly estimate: Estimate;
}

interface Refused {
  readonly path: string;
  readonly reason: string;
}

export async function count(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { model: { type: 'string' }, json: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (positionals.length === 0) throw new UsageError('count: name one or more files, or - for standard input');
  const model = values.model ?? defaultModel;
  const encoders = new Encoders((encoding) => readFile(join(io.programFolder, `${encoding}.bin`)));
  const counted: Counted[] = [];
  const refused: Refused[] = [];
  for (const path of positionals) {
    const read = await readInput(path, io);
    if ('refused' in read) {
      refused.push({ path, reason: read.refused });
      continue;
    }
    const parts = partsOf(path, read.text).map((part) => countText(part, model, encoders, kindOf(path)));
    counted.push({ path, estimate: sumOf(await Promise.all(parts)) });
  }
  if (values.json) io.write(`${JSON.stringify(asJson(counted, refused))}\n`);
  else io.write(asTable(counted));
  for (const { path, reason } of refused) io.error(`${harmless(path, 400)}: ${reason}\n`);
  return refused.length > 0 ? 1 : 0;
}

async function readInput(path: string, io: Io): Promise<{ text: string } | { refused: string }> {
  if (path === '-') return readText(await io.readBytes());
  try {
    const found = await stat(path);
    if (found.isDirectory()) return { refused: 'Not counted: a folder. Name its files.' };
    if (found.size > LARGEST_FILE_BYTES) return { refused: tooLarge(found.size) };
    return readText(await readFile(path));
  } catch (error) {
    return { refused: `Not counted: ${reasonOf(error)}` };
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it.';
  return error instanceof Error ? error.message : String(error);
}

/** The file's kind by its name: an editor would know its language. */
function kindOf(path: string): ReturnType<typeof kindOfText> {
  const languages: Readonly<Record<string, string>> = {
    '.ts': 'typescript',
    '.tsx': 'typescriptreact',
    '.js': 'javascript',
    '.jsx': 'javascriptreact',
    '.mjs': 'javascript',
    '.cjs': 'javascript',
    '.json': 'json',
    '.jsonc': 'jsonc',
    '.md': 'markdown',
    '.mdc': 'markdown',
    '.py': 'python',
    '.c': 'c',
    '.h': 'c',
    '.cpp': 'cpp',
    '.yaml': 'yaml',
    '.yml': 'yaml',
    '.txt': 'plaintext',
  };
  return kindOfText(languages[extname(path).toLowerCase()] ?? '', basename(path));
}

function asJson(counted: readonly Counted[], refused: readonly Refused[]): unknown {
  return {
    files: counted.map(({ path, estimate }) => ({
      path,
      tokens: estimate.tokens,
      kind: estimate.kind,
      low: estimate.low,
      high: estimate.high,
      encoding: estimate.encoding,
    })),
    total: counted.reduce((sum, { estimate }) => sum + estimate.tokens, 0),
    skipped: refused,
  };
}

function asTable(counted: readonly Counted[]): string {
  const rows = counted.map(({ path, estimate }) => [formatGraded(estimate), harmless(path, 200)]);
  if (counted.length > 1) rows.push([formatGraded(sumOf(counted.map(({ estimate }) => estimate))), 'total']);
  return rows.length > 0 ? table(rows, [0]) : '';
}
