/** Runs orders on a practice droplet until it is killed. Its arguments: the folder, the pace, the command's words. */
import process from 'node:process';
import {openPractice} from '../../source/practice/droplet.js';
import {hide} from '../../source/server/secret.js';
import type {Argv} from '../../source/step.js';

const [directory = '', pace = '', id = '', ...argv] = process.argv.slice(2);
const server = await openPractice({
	directory, level: 'debian-13', login: {user: 'root', password: hide('practice')}, pace: Number(pace),
});
await server.lock('a program that is going to be killed');
for (let number = 0; ; number++) {
	await server.act({id: `${id}-${number}`, do: 'run', argv: argv.map(word => word.replace('%', () => String(number))) as unknown as Argv}, ({text}) => {
		process.stdout.write(text);
	});
	process.stdout.write('ended\n');
}
