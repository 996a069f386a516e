export { parseShipConfig, shipConfigSchema, type ShipConfig } from './config.ts';
export { dryRun, type DryLine } from './dry-run.ts';
export { openShip, stateDirectory, type Ship } from './open-ship.ts';
export { shipStatus, type FileStatus } from './ship-status.ts';
