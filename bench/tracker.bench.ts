import { reportTrackerBytes } from './collect/tracker-bytes.ts';

reportTrackerBytes();
