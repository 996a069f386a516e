import { measureExtract } from './collect/extract.ts';
import { flag } from './report.ts';

await measureExtract(flag('small') ? 100_000 : 1_000_000);
