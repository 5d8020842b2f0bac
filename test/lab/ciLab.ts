// The part of the lab that every test run does, for the launcher of the tests: a line a case, and the counts.
import { lineOf } from './labTable';
import { ciOptions, runLab } from './runLab';

export async function runCiLab(show: (line: string) => void): Promise<{ passed: number; failed: number }> {
  const { passed, failed } = await runLab({ ...ciOptions, onCase: (result) => show(lineOf(result)) });
  return { passed, failed };
}
