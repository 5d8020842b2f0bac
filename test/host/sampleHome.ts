// Makes the invented developer's home of test/fixtures/home: projects, and agents' logs with dates counted back from a
// given now, so that today and this week are never empty. The same seed and now give the same bytes.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkoutFolder } from './folders';
import { writeClaudeLogs, type ClaudeTemplate } from './sampleClaude';
import { SampleRandom } from './sampleRandom';

export interface SampleHome {
  readonly home: string;
  /** The project that the developer works on. */
  readonly folder: string;
}

const templateFolder = path.join(checkoutFolder, 'test', 'fixtures', 'home');

/** Fills `home`, which exists. `nowMs` in epoch milliseconds; days are those of this machine's zone. */
export function writeSampleHome(home: string, nowMs: number, seed = 1): SampleHome {
  const projects = path.join(home, 'projects');
  fs.cpSync(path.join(templateFolder, 'projects'), projects, { recursive: true });
  const random = new SampleRandom(seed);
  writeClaudeLogs(home, readTemplate<ClaudeTemplate>('claude-code.json'), nowMs, random);
  return { home, folder: path.join(projects, 'harbor-api') };
}

function readTemplate<Template>(name: string): Template {
  return JSON.parse(fs.readFileSync(path.join(templateFolder, name), 'utf8')) as Template;
}
