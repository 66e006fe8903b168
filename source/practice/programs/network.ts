import {running} from '../docker/containers.js';
import {bridged, gatewayOf} from '../docker/networks.js';
import {listening} from '../listening.js';
import type {DockerNetwork, Socket} from '../state.js';
import {
	fails,
	notModelled,
	options,
	says,
	type Answer,
	type Call,
	type CommandSet,
} from './command.js';

/** Addresses and listeners: ss and ip of iproute2 3.12 and 6.15. */
type Listening = Socket & {program: string; pid: number};

/** Wildcard addresses are told apart by release. */
const shown = ({family, address}: Socket, old: boolean): string => {
	if (old) {
		return address === '0.0.0.0' ? '*' : address;
	}

	return address === '*' || family === 'v4' ? address : `[${address}]`;
};

const users = ({program, pid}: Listening, fd: number, old: boolean): string => old ? `users:(("${program}",${pid},${fd}))` : `users:(("${program}",pid=${pid},fd=${fd}))`;

type Row = {netid: string; state: string; send: string; local: string; port: string; peer: string; users: string};

const rowsOf = (call: Call, udp: boolean, old: boolean): Row[] => {
	const all = listening(call.droplet).filter(({protocol}) => protocol === 'tcp' || udp);
	const sorted = all.toSorted((a, b) => (a.protocol === b.protocol ? (a.family === b.family ? 0 : (a.family === 'v4' ? -1 : 1)) : (a.protocol === 'udp' ? -1 : 1)));
	return sorted.map((socket, index) => ({
		netid: socket.protocol,
		state: socket.protocol === 'udp' ? 'UNCONN' : 'LISTEN',
		send: socket.protocol === 'udp' ? '0' : (socket.program === 'sshd' ? '128' : '50'),
		local: shown(socket, old),
		port: String(socket.port),
		peer: socket.family === 'v4' ? (old ? '*' : '0.0.0.0') : (old ? '::' : '[::]'),
		users: users(socket, socket.program === 'sshd' ? (socket.family === 'v4' ? 3 : 4) + (old ? 0 : 3) : 10 + index, old),
	}));
};

/** 3.12 divides a screen of 80 columns. */
const oldTable = (rows: readonly Row[], netid: boolean): string => {
	const left = netid ? 6 : 0;
	const address = netid ? 17 : 20;
	const state = netid ? 10 : 11;
	const line = (row: {netid: string; state: string; recv: string; send: string; local: string; port: string; peer: string; peerPort: string}) =>
		`${netid ? `${row.netid.padEnd(left)} ` : ''}${row.state.padEnd(state)}${row.recv.padEnd(6)} ${row.send.padEnd(6)} ${row.local.padStart(address)}:${row.port.padEnd(5)} ${row.peer.padStart(address)}:${row.peerPort.padEnd(5)} `;
	const head = line({
		netid: 'Netid', state: 'State', recv: 'Recv-Q', send: 'Send-Q', local: 'Local Address', port: 'Port', peer: 'Peer Address', peerPort: 'Port',
	}).trimEnd();
	return `${head} \n${rows.map(row => `${line({...row, recv: '0', peerPort: '*'})}${row.users}\n`).join('')}`;
};

/** 6.x makes each column as wide as its widest entry. */
const newTable = (rows: readonly Row[], netid: boolean, header: boolean): string => {
	const cells = rows.map(row => [row.netid, row.state, '0', row.send, row.local, row.port, row.peer, '*', row.users]);
	const heads = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address', 'Port', 'Peer Address', 'Port', 'Process'];
	const table = header ? [heads, ...cells] : cells;
	// The queues' columns keep the width of their heads even without them.
	const width = heads.map((head, column) => Math.max(column === 2 || column === 3 ? head.length : 0, ...table.map(row => row[column]!.length)));
	return table.map((row, index) => {
		const cell = (column: number) => row[column]!.padEnd(width[column]!);
		const pair = (column: number) => `${row[column]!.padStart(width[column]!)}:${row[column + 1]!.padEnd(width[column + 1]!)}`;
		return `${netid ? `${cell(0)} ` : ''}${cell(1)} ${cell(2)} ${cell(3)} ${pair(4)} ${pair(6)}${index === 0 && header ? '' : ' '}${cell(8)}${index === 0 && header && rows.length > 0 ? ' ' : ''}\n`;
	}).join('');
};

const ss = (call: Call): Answer => {
	const {has} = options(call, ['-H', '-t', '-l', '-n', '-p', '-u', '-4', '-6']);
	const old = call.droplet.level === 'ubuntu-14.04';
	if (!has('-t') || !has('-l') || !has('-n') || has('-4', '-6')) {
		return notModelled(call);
	}

	if (has('-H') && old) {
		return fails(255, 'ss: invalid option -- \'H\'\nUsage: ss [ OPTIONS ]\n');
	}

	const rows = rowsOf(call, has('-u'), old).map(row => has('-p') ? row : {...row, users: ''});
	return says(old ? oldTable(rows, has('-u')) : newTable(rows, has('-u'), !has('-H')));
};

/** A bridge to which nobody is connected is down. */
const bridgeLine = ({droplet}: Call, {bridge, name, link, id}: DockerNetwork): string => {
	const isUsed = running(droplet).some(({network}) => network === name);
	const mac = ['02', '42', ...id.slice(0, 8).match(/../gv)!].join(':');
	return String.raw`${link}: ${bridge}: <${isUsed ? '' : 'NO-CARRIER,'}BROADCAST,MULTICAST,UP${isUsed ? ',LOWER_UP' : ''}> mtu 1500 qdisc noqueue state ${isUsed ? 'UP' : 'DOWN'} mode DEFAULT group default \    link/ether ${mac} brd ff:ff:ff:ff:ff:ff` + '\n';
};

/** The last address of a range, by which all in it are called. */
const lastOf = (range: string): string => {
	const [first = '', bits] = range.split('/');
	const last = first.split('.').map(Number).reduce((sum, part) => (sum * 256) + part, 0) + (2 ** (32 - Number(bits))) - 1;
	return [24, 16, 8, 0].map(shift => Math.floor(last / (2 ** shift)) % 256).join('.');
};

const ip = (call: Call): Answer => {
	const {addresses, level} = call.droplet;
	const words = call.args.filter(word => word !== '-o' && word !== '-4' && word !== '-6');
	const wanted = words.join(' ');
	if (wanted === 'link show type bridge' && call.args.includes('-o')) {
		return says(bridged(call.droplet).map(network => bridgeLine(call, network)).join(''));
	}

	const globalOnly = /^addr(?:ess)? show(?: up)? scope global$/v.test(wanted);
	if (!call.args.includes('-o') || !(globalOnly || /^a(?:ddr(?:ess)?)?(?: show)?$/v.test(wanted))) {
		return notModelled(call);
	}

	const kernel = level === 'debian-13' ? ' proto kernel_lo' : '';
	const end = String.raw`\       valid_lft forever preferred_lft forever`;
	const lines: Array<{v6: boolean; global: boolean; text: string}> = [
		{v6: false, global: false, text: `1: lo    inet 127.0.0.1/8 scope host lo${end}`},
		{v6: true, global: false, text: `1: lo    inet6 ::1/128 scope host${kernel} ${end}`},
	];
	if (addresses.v4 !== undefined) {
		lines.push({v6: false, global: true, text: `2: eth0    inet ${addresses.v4}/24 brd ${addresses.v4.split('.').with(3, '255').join('.')} scope global eth0${end}`});
	}

	if (addresses.v6 !== undefined) {
		lines.push({v6: true, global: true, text: `2: eth0    inet6 ${addresses.v6}/64 scope global ${end}`}, {v6: true, global: false, text: `2: eth0    inet6 fe80::1/64 scope link ${end}`});
	}

	for (const network of bridged(call.droplet)) {
		const {bridge, range, link} = network;
		lines.push({v6: false, global: true, text: `${link}: ${bridge}    inet ${gatewayOf(network)}/${range.split('/')[1]} brd ${lastOf(range)} scope global ${bridge}${end}`});
	}

	return says(lines.filter(({v6, global}) => (global || !globalOnly) && !(call.args.includes('-4') && v6) && (!call.args.includes('-6') || v6)).map(({text}) => `${text}\n`).join(''));
};

export const networkCommands: CommandSet = {package: 'iproute2', commands: {ss, ip}};
