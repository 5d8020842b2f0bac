// `explain`: the passport of a figure. A call, a session or a day taken apart into log rows, price rows and gaps.
import { parseArgs } from 'node:util';
import { explanationText } from '../report/explanation';
import { withLedger } from './machineLedger';
import { zoneOf } from './report';
import { Failure, harmless, type Io, UsageError } from './terminal';

export async function explain(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, timezone: { type: 'string' } },
    allowPositionals: true,
  });
  const [target, ...rest] = positionals;
  if (target === undefined || rest.length > 0)
    throw new UsageError('explain: name one call, session or day (YYYY-MM-DD); "report --by session" lists sessions');
  const found = await withLedger(io, async (ledger) => {
    await ledger.refresh();
    return ledger.explain(target, zoneOf(values.timezone));
  });
  if (!found)
    throw new Failure(
      `explain: nothing is known of "${harmless(target)}": "report --by session" lists sessions, "explain SESSION" its calls`,
    );
  if (values.json) io.write(`${JSON.stringify(found)}\n`);
  else for (const line of explanationText(found)) io.write(`${harmless(line, 600)}\n`);
  return 0;
}
