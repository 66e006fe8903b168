import {dropNetwork, addNetwork} from '../../docker/chains.js';
import {
	isDefault, makeNetwork, networkNamed, plugIn,
} from '../../docker/networks.js';
import {running} from '../../docker/containers.js';
import {
	fails, notModelled, options, says, type Answer, type Call,
} from '../command.js';
import {each, inspectNetwork, startOfId} from './about.js';
import {quick, table} from './table.js';

/** `docker network`: what it says of networks, those that are made and those that go. */
const list = (call: Call): Answer => {
	const {networks} = call.droplet.docker!;
	const {value, has, rest} = options(call, ['--no-trunc', '--quiet', '-q'], ['--filter', '-f']);
	const filter = value('--filter', '-f');
	if (rest.length > 0 || ![undefined, 'driver=bridge'].includes(filter)) {
		return notModelled(call);
	}

	const idOf = ({id}: {readonly id: string}): string => (has('--no-trunc') ? id : startOfId(id));
	// The two that are no networks of containers.
	const others = filter === undefined ? [{id: 'd62cf339478d'.padEnd(64, '0'), name: 'host', driver: 'host'}, {id: 'fa5f4df6e08a'.padEnd(64, '0'), name: 'none', driver: 'null'}] : [];
	const all = [...networks.map(({id, name}) => ({id, name, driver: 'bridge'})), ...others].toSorted((a, b) => (a.name < b.name ? -1 : 1));
	return has('--quiet', '-q')
		? says(all.map(one => `${idOf(one)}\n`).join(''), quick)
		: says(table([['NETWORK ID', 'NAME', 'DRIVER', 'SCOPE'], ...all.map(one => [idOf(one), one.name, one.driver, 'local'])]), quick);
};

const create = (call: Call): Answer => {
	const {droplet} = call;
	const docker = droplet.docker!;
	const {has, value, rest} = options(call, ['--internal'], ['--driver', '-d', '--opt', '-o']);
	const [name = ''] = rest;
	const option = value('--opt', '-o');
	const [, bridge] = /^com\.docker\.network\.bridge\.name=([a-z][\w\-]{0,14})$/v.exec(option ?? '') ?? [];
	if (rest.length !== 1 || (option !== undefined && bridge === undefined) || ![undefined, 'bridge'].includes(value('--driver', '-d')) || !/^\w[\w.\-]*$/v.test(name)) {
		return notModelled(call);
	}

	if (docker.networks.some(one => one.name === name) || ['host', 'none'].includes(name)) {
		return fails(1, `Error response from daemon: network with name ${name} already exists\n`);
	}

	const made = makeNetwork(docker, name, {internal: has('--internal'), bridge});
	if (!made) {
		return fails(1, 'Error response from daemon: all predefined address pools have been fully subnetted\n');
	}

	docker.networks.push(made);
	plugIn(droplet, made);
	if (docker.settings!.filters ?? true) {
		addNetwork(droplet.netfilter.v4, made);
	}

	return says(`${made.id}\n`, 0.3);
};

const remove = (call: Call): Answer => {
	const {rest} = options(call, [], []);
	if (rest.length !== 1) {
		return notModelled(call);
	}

	const {droplet} = call;
	const docker = droplet.docker!;
	const [name = ''] = rest;
	const network = networkNamed(docker.networks, name);
	if (network && isDefault(network)) {
		return fails(1, `Error response from daemon: ${network.name} is a pre-defined network and cannot be removed\n`);
	}

	if (network && running(droplet).some(one => one.network === network.name)) {
		return fails(1, `Error response from daemon: error while removing network: network ${network.name} id ${network.id} has active endpoints\n`);
	}

	return each([name], () => {
		if (network) {
			docker.networks.splice(docker.networks.indexOf(network), 1);
			if (docker.settings!.filters ?? true) {
				dropNetwork(droplet.netfilter.v4, network);
			}
		}

		return network && `${name}\n`;
	}, () => `Error response from daemon: network ${name} not found\n`);
};

const verbs: Readonly<Record<string, (call: Call) => Answer>> = {
	ls: list, list, inspect: inspectNetwork, create, rm: remove, remove,
};

export const network = (call: Call): Answer => {
	const [verb = '', ...args] = call.args;
	return Object.hasOwn(verbs, verb) ? verbs[verb]!({...call, args}) : notModelled(call);
};
