import {entryOf} from '../file-tree.js';
import {changeRules} from '../netfilter/ruleset.js';
import {NotModelled, type Machine} from '../state.js';

/** Own commands that ufw runs when it starts: /etc/ufw/before.init, where that may be executed. There is no shell here: of its words only those are known that see to it that a rule is there. */
const path = '/etc/ufw/before.init';

const idle = /^(?:#.*|exit 0|case "\$1" in|start\)|;;|esac)?$/v;
const quiet = String.raw` 2>\/dev\/null`;
const makesChain = new RegExp(`^iptables -w -t nat -N (\\S+)${quiet}$`, 'v');
const makesRule = new RegExp(`^iptables -w -t nat -C (.+)${quiet} \\|\\| iptables -w -t nat -A (.+)$`, 'v');

export const runHook = (machine: Machine): void => {
	const entry = entryOf(machine.droplet, path);
	if (entry?.type !== 'file' || (entry.mode & 0o111) === 0) {
		return;
	}

	const {nat} = machine.droplet.netfilter.v4;
	for (const line of entry.content.split('\n').map(one => one.trim())) {
		const [, chain] = makesChain.exec(line) ?? [];
		const [, asked, wanted] = makesRule.exec(line) ?? [];
		if (chain !== undefined) {
			nat.chains[chain] ??= [];
		} else if (asked !== undefined && asked === wanted) {
			const [name = '', ...words] = asked.split(' ');
			if (!nat.chains[name]!.includes(words.join(' '))) {
				changeRules(nat, 'v4', ['-A', name, ...words]);
			}
		} else if (!idle.test(line)) {
			throw new NotModelled(`what ${path} says: ${line}`);
		}
	}
};
