export { checkShip } from './check-ship.ts';
export type { ShipCheck } from './check-target.ts';
export { shipConfigSchema, type ShipConfig } from './config.ts';
export { parseShipConfig } from './parse-config.ts';
export { dryRun, type DryLine } from './dry-run.ts';
export { openShip, stateDirectory, type Ship } from './open-ship.ts';
export { shipStatus, type FileStatus } from './ship-status.ts';
