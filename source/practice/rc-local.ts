import {contentOf, entryOf} from './file-tree.js';
import {parseLine} from './shell-words.js';
import type {Machine} from './state.js';

const script = '/etc/rc.local';

/** The commands that somebody wants run at the end of each start: systemd and upstart both do so where the file may be executed. */
export const startCommands = (machine: Machine): ReadonlyArray<readonly string[]> => ((entryOf(machine.droplet, script)?.mode ?? 0) & 0o100) === 0
	? []
	: (contentOf(machine, script) ?? '').split('\n').flatMap(text => {
		const line = parseLine(text);
		return 'argv' in line && line.argv.length > 0 && line.argv[0] !== 'exit' ? [line.argv] : [];
	});
