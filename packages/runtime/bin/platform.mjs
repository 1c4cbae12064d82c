#!/usr/bin/env node
// Starts any process of the platform: the image's entry point. platformctl starts the same ones, and is for people.
import { startAny } from '../dist/main.js';
import { runProgram } from '../dist/run-program.js';

const args = process.argv.slice(2);
await runProgram(args, () => startAny(args));
