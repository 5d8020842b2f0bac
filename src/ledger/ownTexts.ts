// The person's own texts whose true token count Claude Code's logs tell: found and read line by line, nothing kept but
// numbers. What a sample is, `calibrationSamples` knows.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Sample, SampleReader } from '../tokens/calibrationSamples';
import { createEncoder } from '../tokens/encoder';

/** Where Claude Code keeps its transcripts. */
export function claudeLogFolders(home: string, variables: Readonly<Record<string, string | undefined>>): string[] {
  const configured = variables['CLAUDE_CONFIG_DIR'];
  if (configured) return configured.split(',').map((folder) => join(folder.trim(), 'projects'));
  return [join(home, '.claude', 'projects'), join(home, '.config', 'claude', 'projects')];
}

/** Every *.jsonl below, in a stable order: a session's copy is then the same one every time. Empty for no such folder. */
export async function logFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.jsonl'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [];
  }
}

/** The files last changed, newest first, as far as they hold together at most `mostBytes`. */
export async function newestFiles(files: readonly string[], mostBytes: number): Promise<string[]> {
  const known: { file: string; size: number; changedMs: number }[] = [];
  for (const file of files) {
    const found = await stat(file).catch(() => undefined);
    if (found) known.push({ file, size: found.size, changedMs: found.mtimeMs });
  }
  known.sort((a, b) => b.changedMs - a.changedMs);
  let bytes = 0;
  return known.filter(({ size }) => (bytes += size) <= mostBytes).map(({ file }) => file);
}

/**
 * Reads the files one after another, a line at a time. `packed`: the vocabulary of o200k_base. Resolves to how many
 * could not be read.
 */
export async function readSamples(
  files: readonly string[],
  packed: Uint8Array,
  take: (sample: Sample) => void,
): Promise<number> {
  const encoder = createEncoder(packed, 'o200k_base');
  const seen = new Set<string>();
  let unreadable = 0;
  for (const file of files) {
    const reader = new SampleReader(encoder, take, seen);
    try {
      for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
        reader.line(line);
    } catch {
      unreadable++;
    }
    reader.end();
  }
  return unreadable;
}
