// The real o200k_base encoder for tests that hold a saving against a recount: from the build where there is one, else
// packed into a temporary folder.
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Encoder, createEncoder } from '../../../src/tokens/encoder';

let encoder: Encoder | undefined;

export function testEncoder(): Encoder {
  encoder ??= createEncoder(packed(), 'o200k_base');
  return encoder;
}

function packed(): Uint8Array {
  const built = path.join(process.cwd(), 'dist', 'o200k_base.bin');
  if (fs.existsSync(built)) return fs.readFileSync(built);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vocabulary-'));
  const load = createRequire(path.join(process.cwd(), 'package.json'));
  const { packVocabularies } = load('./test/build/packVocabularies.js') as {
    packVocabularies: (folder: string) => void;
  };
  packVocabularies(folder);
  const bytes = fs.readFileSync(path.join(folder, 'o200k_base.bin'));
  fs.rmSync(folder, { recursive: true, force: true });
  return bytes;
}
