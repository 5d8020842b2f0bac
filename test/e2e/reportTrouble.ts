// What the report's page is tested with beside the sample home: a log full of names that try to be more than names, and
// a repository's reflog.
import * as fs from 'node:fs';
import * as path from 'node:path';

export const hostileNames = [
  '<img src=x onerror="document.title=1">',
  '</td></tr></table><script>document.title=2</script>',
  '[click](command:workbench.action.quit) `x` | y',
  '\u001b[31mred\u001b[0m\u0007',
  '\u202egnp.exe',
];

/** Sessions of today whose titles, models, branches and folders are hostile; one of each is a megabyte long. */
export function writeTrouble(home: string): void {
  const folder = path.join(home, '.claude', 'projects', 'trouble');
  fs.mkdirSync(folder, { recursive: true });
  for (const [index, name] of [...hostileNames, 'long '.repeat(200_000)].entries()) {
    const base = {
      sessionId: `trouble-${index}`,
      timestamp: new Date().toISOString(),
      cwd: `/code/${name}`,
      gitBranch: name,
      version: '2.1.300',
    };
    const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 5 };
    const message = {
      id: `msg_t${index}`,
      role: 'assistant',
      model: name,
      stop_reason: 'end_turn',
      content: [],
      usage,
    };
    const rows = [
      { ...base, type: 'user', uuid: `t${index}`, message: { role: 'user', content: name } },
      { type: 'ai-title', aiTitle: name, sessionId: base.sessionId },
      { ...base, type: 'assistant', uuid: `a${index}`, requestId: `r${index}`, message },
    ];
    fs.writeFileSync(path.join(folder, `${index}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}

/** A repository of which only the reflog is there, in each of the developer's projects but the open one. */
export function writeReflogs(home: string): void {
  const projects = path.join(home, 'projects');
  for (const name of fs.readdirSync(projects).filter((one) => one !== 'harbor-api')) {
    const logs = path.join(projects, name, '.git', 'logs');
    fs.mkdirSync(logs, { recursive: true });
    fs.writeFileSync(path.join(logs, '..', 'HEAD'), 'ref: refs/heads/main\n');
    const [before, after] = ['0'.repeat(40), 'a'.repeat(40)];
    const seconds = Math.floor(Date.now() / 1000);
    fs.writeFileSync(
      path.join(logs, 'HEAD'),
      `${before} ${after} Some Body <some@example.com> ${seconds} +0000\tcommit: Count <b>berths</b>\n`,
    );
  }
}
