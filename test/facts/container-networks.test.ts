import test from 'ava';
import {Unreadable} from '../../source/facts/files.js';
import {inspectNetworks, isDockers, networkIds, networksOf} from '../../source/facts/container-networks.js';
import type {Reading} from '../../source/step.js';

const ran = (out: string, err = '', code = 0): Reading => ({
	outcome: 'ran', code, out, err,
});
const id = '0a1b2c3d4e5f'.padEnd(64, '0');
const said = (name: string, more: object): string => JSON.stringify({Name: name, Id: id, Internal: false, Options: {}, ...more});

test('networks by id; none where Docker does not run; unknown where it does not answer', t => {
	t.deepEqual(networkIds.parse(ran(`${id}\n`)), [id]);
	t.deepEqual(networkIds.parse(ran('', 'find: ‘/run/docker.pid’: No such file or directory\n', 1)), []);
	t.throws(() => networkIds.parse(ran('', 'Cannot connect to the Docker daemon\n')), {instanceOf: Unreadable});
	t.throws(() => networkIds.parse({...ran(''), outcome: 'timed-out'}), {instanceOf: Unreadable});
});

test('what Docker says of a network: its bridge, whether it has a way out, whether its containers may talk', t => {
	const {parse} = inspectNetworks([id]);
	t.deepEqual(parse(ran(`${said('sites', {})}\n${said('inner', {Internal: true, Options: {'com.docker.network.bridge.name': 'web0', 'com.docker.network.bridge.enable_icc': 'false'}})}\n`, 'Error: No such network: gone\n')), [
		{
			name: 'sites', bridge: 'br-0a1b2c3d4e5f', isInternal: false, talks: true,
		},
		{
			name: 'inner', bridge: 'web0', isInternal: true, talks: false,
		},
	]);
	t.throws(() => parse(ran('', 'Cannot connect to the Docker daemon\n')), {instanceOf: Unreadable});
});

test('the kernel\'s word: Docker\'s bridges with an IPv4 address, and their ranges', t => {
	const words = inspectNetworks([id]).parse(ran(`${said('named', {Options: {'com.docker.network.bridge.name': 'web0'}})}\n`));
	t.true(['docker0', 'br-0123456789ab', 'web0'].every(bridge => isDockers(words)(bridge)));
	t.false(['br-lan', 'virbr0'].some(bridge => isDockers(words)(bridge)));
	const interfaces = [
		{interface: 'eth0', address: '203.0.113.7', bits: 24},
		{interface: 'docker0', address: '172.17.0.1', bits: 16},
		{interface: 'docker0', address: 'fd00:d0c::1', bits: 64},
		{interface: 'web0', address: '10.5.3.129', bits: 25},
		{interface: 'br-lan', address: '192.168.77.1', bits: 24},
	];
	t.deepEqual(networksOf(interfaces, ['docker0', 'web0', 'br-lan'], words).map(({bridge, range, word}) => [bridge, range, word?.name]), [['docker0', '172.17.0.0/16', undefined], ['web0', '10.5.3.128/25', 'named']]);
});
