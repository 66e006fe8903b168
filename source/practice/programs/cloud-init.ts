import {contentOf, writeFile} from '../file-tree.js';
import {
	notModelled,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** cloud-init, where a droplet has it: whoever waits for its end sees it end. */
const cloudInit = (call: Call): Answer => {
	if (call.args.join(' ') !== 'status --wait') {
		return notModelled(call);
	}

	const isThere = (name: string): boolean => contentOf(call, `/run/cloud-init/${name}.json`) !== undefined;
	const busy = isThere('status') && !isThere('result');
	if (busy) {
		writeFile(call, '/run/cloud-init/result.json', '{}\n');
	}

	return says(`${busy ? '......' : ''}\nstatus: done\n`, busy ? 3 : 0.3);
};

export const cloudInitCommands: CommandSet = {package: 'cloud-init', commands: {'cloud-init': cloudInit}};
