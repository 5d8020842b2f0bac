// The check of the estimates off the editor's main thread and out of the ledger's way: one answer, then it ends.
import { parentPort, workerData } from 'node:worker_threads';
import { checkEstimates, type EstimateCheckStart } from './estimateCheck';

void checkEstimates(workerData as EstimateCheckStart).then((check) => parentPort?.postMessage(check));
