// Starts the check of the estimates in a worker and hands back its one answer.
import { Worker } from 'node:worker_threads';
import { type EstimateCheck, type EstimateCheckStart } from './estimateCheck';

/** `workerPath`: the built estimateCheckWorker.js. Rejects where the worker breaks off. */
export function startEstimateCheck(workerPath: string, start: EstimateCheckStart): Promise<EstimateCheck> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerPath, {
      workerData: start,
      name: 'estimate check',
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.unref();
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the check ended with code ${code}`)));
  });
}
