// All invented homes of the agents' fixtures in one: what a much-used machine looks like.
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export function copyEveryFixture(home: string): void {
  const fixtures = 'test/fixtures/agents';
  for (const agent of readdirSync(fixtures))
    for (const name of readdirSync(join(fixtures, agent))) {
      const from = join(fixtures, agent, name, 'home');
      if (existsSync(from)) cpSync(from, home, { recursive: true });
    }
}
