#!/usr/bin/env node
import { launch } from '../scripts/launch.mjs';

process.exitCode = await launch(process.argv.slice(2));
