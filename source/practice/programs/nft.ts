import {
	notModelled,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** nft 1.1: what tables there are. All of them are iptables' own. */
const nft = (call: Call): Answer => {
	if (call.args.join(' ') !== 'list tables') {
		return notModelled(call);
	}

	const {v4, v6} = call.droplet.netfilter;
	const tables = [['ip', v4], ['ip6', v6]] as const;
	return says(tables.flatMap(([family, rules]) => (['filter', 'nat'] as const).filter(name => rules[name].touched).map(name => `table ${family} ${name}\n`)).join(''));
};

export const nftCommands: CommandSet = {package: 'nftables', only: 'debian-13', commands: {nft}};
