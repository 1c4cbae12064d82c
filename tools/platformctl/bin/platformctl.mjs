#!/usr/bin/env node
// The command line as the image has it; ./platformctl of a checkout installs and compiles first.
import { run } from '../dist/main.js';

await run();
