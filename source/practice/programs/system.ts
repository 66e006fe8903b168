import {kernelOf} from '../proc.js';
import {reboot} from '../reboot.js';
import {
	fails,
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** What is there on every Linux system and belongs nowhere else. */
const hostname = (call: Call): Answer => call.args.length === 0 ? says(`${call.droplet.hostname}\n`) : notModelled(call);

const uname = (call: Call): Answer => {
	const {has} = options(call, ['-r', '-s', '-m', '-n', '-a']);
	const kernel = kernelOf(call);
	const version = call.droplet.level === 'ubuntu-14.04' ? '#219-Ubuntu SMP Tue Feb 26 18:55:24 UTC 2019' : '#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)';
	const machine = call.droplet.level === 'ubuntu-14.04' ? 'x86_64 x86_64 x86_64 GNU/Linux' : 'x86_64 GNU/Linux';
	return says(has('-a') ? `Linux ${call.droplet.hostname} ${kernel} ${version} ${machine}\n` : `${has('-r') ? kernel : (has('-m') ? 'x86_64' : (has('-n') ? call.droplet.hostname : 'Linux'))}\n`);
};

const env = (call: Call): Answer => {
	const at = call.args.findIndex(word => !word.includes('='));
	return at === -1 || call.args[at]!.startsWith('-') ? notModelled(call) : call.run(call.args.slice(at));
};

const timeout = (call: Call): Answer => {
	const {rest} = options({...call, args: call.args.slice(0, call.args.findIndex(word => /^\d/v.test(word)) + 1)}, [], ['-k', '-s']);
	return rest.length === 1 ? call.run(call.args.slice(call.args.indexOf(rest[0]!) + 1)) : notModelled(call);
};

/** Of all that the kernel can be told only whether it passes packets on; and that it asks its rules about what bridges pass on, as one does that has br_netfilter loaded. */
const sysctl = (call: Call): Answer => {
	if (call.args.join(' ') === '-e -n net.bridge.bridge-nf-call-iptables') {
		return says('1\n');
	}

	const name = 'net.ipv4.ip_forward';
	const [option, ...words] = call.args.length === 1 ? ['', ...call.args] : call.args;
	const [, value] = /^net\.ipv4\.ip_forward=([01])$/v.exec(words[0] ?? '') ?? [];
	if (words.length !== 1 || (value === undefined ? words[0] !== name : option !== '-w')) {
		return notModelled(call);
	}

	if (value !== undefined) {
		call.droplet.forwarding = value === '1';
	}

	const now = call.droplet.forwarding ? '1' : '0';
	return says(option === '-n' ? `${now}\n` : `${name} = ${now}\n`);
};

const printenv = (call: Call): Answer => {
	const [name] = call.args;
	if (call.args.length !== 1 || name !== 'SSH_CONNECTION') {
		return notModelled(call);
	}

	return call.connection === undefined ? fails(1, '') : says(`${call.connection}\n`);
};

const lsbRelease = (call: Call): Answer => {
	const text = {
		'ubuntu-14.04': 'Distributor ID:\tUbuntu\nDescription:\tUbuntu 14.04.5 LTS\nRelease:\t14.04\nCodename:\ttrusty\n',
		'debian-13': 'Distributor ID:\tDebian\nDescription:\tDebian GNU/Linux 13 (trixie)\nRelease:\t13\nCodename:\ttrixie\n',
	}[call.droplet.level];
	return call.args.join(' ') === '-a' ? {code: 0, said: [{stream: 'err', text: 'No LSB modules are available.\n'}, {stream: 'out', text}]} : notModelled(call);
};

const runlevel = (): Answer => says('N 2\n');

export const systemCommands: CommandSet = {
	commands: {
		hostname, uname, env, timeout, printenv, runlevel, sysctl,
		lsb_release: lsbRelease,
		true: () => says(''),
		false: () => fails(1, ''),
		printf: call => call.args[0] === String.raw`%s\n` && call.args.length > 1 ? says(call.args.slice(1).map(word => `${word}\n`).join('')) : notModelled(call),
		echo: call => says(`${call.args.join(' ')}\n`),
		whoami: () => says('root\n'),
		nproc: () => says('1\n'),
		sync: () => says(''),
		date: call => call.args.join(' ') === '+%s' ? says(`${Math.floor(call.now / 1000)}\n`) : notModelled(call),
		sleep: call => ({...says(''), seconds: Number(call.args[0] ?? 0)}),
		reboot(call) {
			reboot(call, call.run);
			return says('', 1);
		},
	},
};
