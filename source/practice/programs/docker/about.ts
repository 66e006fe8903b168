import type {Docker} from '../../state.js';
import {containerNamed, networkOf, running} from '../../docker/containers.js';
import {gatewayOf, isDefault, networkNamed} from '../../docker/networks.js';
import {kernelOf} from '../../proc.js';
import {
	notModelled, options, says, type Answer, type Call, type Said,
} from '../command.js';
import {
	filledIn, quick,
} from './table.js';

/** What Docker tells of itself and of one thing: `info`, `version`, `inspect`, `port`. */
export const version = '26.1.5+dfsg1';

export const startOfId = (id: string): string => id.slice(0, 12);

const infoLines = (call: Call, {containers, images, settings}: Docker): readonly string[] => {
	const runs = running(call.droplet).length;
	return [
		'Client:',
		` Version:    ${version}`,
		' Context:    default',
		' Debug Mode: false',
		'',
		'Server:',
		` Containers: ${containers.length}`,
		`  Running: ${runs}`,
		'  Paused: 0',
		`  Stopped: ${containers.length - runs}`,
		` Images: ${images.length}`,
		` Server Version: ${version}`,
		` Logging Driver: ${settings!.logs}`,
		' Swarm: inactive',
		` Kernel Version: ${kernelOf(call)}`,
		' Operating System: Debian GNU/Linux 13 (trixie)',
		` Name: ${call.droplet.hostname}`,
		' Docker Root Dir: /var/lib/docker',
		` Live Restore Enabled: ${settings!.keeps}`,
		'',
	];
};

export const info = (call: Call): Answer => {
	const {value, rest} = options(call, [], ['--format', '-f']);
	if (rest.length > 0) {
		return notModelled(call);
	}

	const docker = call.droplet.docker!;
	const format = value('--format', '-f');
	const {keeps, logs} = docker.settings!;
	return format === undefined
		? says(infoLines(call, docker).join('\n'), quick)
		: says(`${filledIn(call, format, {
			ServerVersion: version, LoggingDriver: logs, LiveRestoreEnabled: String(keeps), 'Swarm.LocalNodeState': 'inactive', ContainersRunning: String(running(call.droplet).length),
		})}\n`, quick);
};

/** Each thing that was named, or that there is none such: `said` of the one, and code 1 where any is missing. */
export const each = (names: readonly string[], does: (name: string) => string | undefined, missing: (name: string) => string): Answer => {
	const said = names.map((name): Said => {
		const text = does(name);
		return text === undefined ? {stream: 'err', text: missing(name)} : {stream: 'out', text};
	});
	return {code: said.some(({stream}) => stream === 'err') ? 1 : 0, said, seconds: quick};
};

const noObject = (name: string): string => `Error: No such object: ${name}\n`;

/** The address in each network, of which it has one at most. */
const eachNetwork = /\{\{range \.NetworkSettings\.Networks\}\}\{\{\.IPAddress\}\}(?<end> ?)\{\{end\}\}/v;

export const inspect = (call: Call): Answer => {
	const docker = call.droplet.docker!;
	const {value, rest} = options(call, [], ['--format', '-f', '--type']);
	const format = value('--format', '-f');
	if (format === undefined || ![undefined, 'container'].includes(value('--type'))) {
		return notModelled(call);
	}

	return each(rest, named => {
		const container = containerNamed(docker, named);
		if (!container) {
			return undefined;
		}

		const address = container.address ?? '';
		const text = format.replace(eachNetwork, (_, end: string) => `${address}${end}`);
		return `${filledIn(call, text, {
			Name: `/${container.name}`, Id: container.id, 'State.Status': container.state, ...(container.state === 'running' ? {'State.StartedAt': new Date(container.changedAt).toISOString().replace('Z', '000000Z')} : {}), 'HostConfig.RestartPolicy.Name': container.restart, 'NetworkSettings.IPAddress': container.network === 'bridge' ? address : '', 'NetworkSettings.Gateway': container.network === 'bridge' ? gatewayOf(networkOf(docker, container)!) : '',
		})}\n`;
	}, noObject);
};

export const port = (call: Call): Answer => {
	const container = containerNamed(call.droplet.docker!, call.args[0] ?? '');
	if (call.args.length !== 1 || !container) {
		return container ? notModelled(call) : each([call.args[0] ?? ''], () => undefined, name => `Error response from daemon: No such container: ${name}\n`);
	}

	return says((container.state === 'running' ? container.shown : []).flatMap(({protocol, address, port: out, inside}) => [address, ...(address === '0.0.0.0' ? ['[::]'] : [])].map(at => `${inside}/${protocol} -> ${at}:${out}\n`)).join(''), quick);
};

/** Networks that were named, in a format that asks for all that is known. */
export const inspectNetwork = (call: Call): Answer => {
	const docker = call.droplet.docker!;
	const {value, rest} = options(call, [], ['--format', '-f']);
	if (value('--format', '-f') !== '{{json .}}') {
		return notModelled(call);
	}

	return each(rest, named => {
		const network = networkNamed(docker.networks, named);
		return network && `${JSON.stringify({
			Name: network.name, Id: network.id, Internal: network.internal, Options: {...(isDefault(network) ? {'com.docker.network.bridge.enable_icc': 'true'} : {}), ...(network.bridge.startsWith('br-') ? {} : {'com.docker.network.bridge.name': network.bridge})},
		})}\n`;
	}, name => `Error response from daemon: network ${name} not found\n`);
};

export const client = (call: Call): Answer => (call.args.length === 1 && ['-v', '--version'].includes(call.args[0]!) ? says(`Docker version ${version}, build a72d7cd\n`) : notModelled(call));

