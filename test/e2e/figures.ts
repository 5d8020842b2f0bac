// Figures as a person reads them in different places, made comparable: in cents.
import assert from 'node:assert/strict';
import { type Machine } from '../host/machine';
import { type Workbench } from '../host/workbench';

/** The first amount of dollars in a text, in cents. */
export function centsIn(text: string): number {
  const amount = /\$([\d,]+\.\d\d)/.exec(text)?.[1];
  assert.ok(amount, `no amount of dollars in "${text}"`);
  return Math.round(Number(amount.replaceAll(',', '')) * 100);
}

/** Today's spend as the status bar shows it. */
export async function meterCents(window: Workbench): Promise<number> {
  return centsIn(await window.waitForStatusText('tokenometer.meter', /\$\d/));
}

interface Report {
  readonly rows: readonly { readonly key: string; readonly costUsd: number | null }[];
}

/** Today's spend as the command line reports it. */
export async function reportedCents(machine: Machine): Promise<number> {
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  const { exitCode, stdout, stderr } = await machine.cli('report', '--by', 'day', '--since', day, '--json');
  assert.equal(exitCode, 0, stderr);
  const today = (JSON.parse(stdout) as Report).rows.find((row) => row.key === day);
  return Math.round((today?.costUsd ?? 0) * 100);
}
