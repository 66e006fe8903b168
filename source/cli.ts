#!/usr/bin/env node
/*
The first byte. Runs on every Node since 12, to tell an old one that it is too old: hence no static import, and no syntax newer than that here.
*/
const oldest = 22;
const words = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < oldest) {
	process.stderr.write('dropwise needs Node ' + oldest + ' or newer and this is Node ' + process.versions.node + '.\nInstall a current one from https://nodejs.org, or run in a checkout, which\nbrings its own:  npm ci && npm start\n');
	process.exitCode = 2;
} else {
	// The wizard's title stands there before the rest is loaded: nobody looks at an empty line.
	const batch = ['check', 'plan', 'apply', 'undo'].includes(words[0] || '');
	const silent = words.some(word => ['--json', '--version', '--help', '-h'].includes(word));
	if (process.stdout.isTTY && !batch && !silent) {
		process.stdout.write(process.stdout.columns < 69 ? '\n dropwise   a server, set up one drop at a time\n' : '\n dropwise   a droplet (a rented server), set up one drop at a time\n');
	}

	void import('./runtime.js').then(async () => import('./environment.js')).then(async () => import('./cli/main.js')).then(async ({main}) => main(words));
}

export {};
