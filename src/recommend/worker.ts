import { workerData } from 'node:worker_threads';
import { takeChunks, type WorkerInput } from './parallel.ts';

takeChunks(workerData as WorkerInput);
