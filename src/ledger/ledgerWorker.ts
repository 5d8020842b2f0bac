// The ledger off the editor's main thread: a question comes in, a plain answer goes out. Started by ledgerClient.ts
// only; holds no logic of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { Ledger } from './ledger';
import { type LedgerAnswer, type LedgerQuestion, type LedgerStart } from './ledgerClient';

const start = workerData as LedgerStart;
let ledger: Ledger | undefined;

/** Opened at the first question, so that what goes wrong is its answer. */
function opened(): Ledger {
  ledger ??= Ledger.open({ ...start, now: () => Date.now() });
  return ledger;
}

async function answer({ method, args }: LedgerQuestion): Promise<unknown> {
  if (method === 'close') {
    await ledger?.stop();
    ledger = undefined;
    return undefined;
  }
  const target = opened();
  const value = await (target[method] as (...values: unknown[]) => unknown).apply(target, [...args]);
  // What goes wrong with it goes wrong again at the next refresh, and is told then.
  if (method === 'refresh') target.catchUp().catch(() => undefined);
  return value;
}

parentPort?.on('message', (question: LedgerQuestion) => {
  answer(question).then(
    (value) => reply({ id: question.id, value }),
    (error: unknown) => reply({ id: question.id, error: error instanceof Error ? error.message : String(error) }),
  );
});

function reply(message: LedgerAnswer): void {
  parentPort?.postMessage(message);
}
