/*
A program that sets a droplet up and is killed for good in the midst: `node guard-killed.js DROPLET FOLDER MOMENT GUARD-SECONDS STEP...`.
*/
import process from 'node:process';
import {find} from '../lab/lab.js';
import {runTrial} from './guard-trial.js';

const [name = '', folder = '', moment = '', guardSeconds = '', ...only] = process.argv.slice(2);
await runTrial({
	droplet: await find(name), folder, at: new RegExp(moment, 'v'), guardSeconds: Number(guardSeconds), only,
}, async () => {
	process.kill(process.pid, 'SIGKILL');
});
