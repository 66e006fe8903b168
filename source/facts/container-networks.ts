/** The networks that Docker makes for containers, each a bridge inside the server. */
import type {Fact} from '../step.js';
import {isDockersName} from './docker-rules.js';
import {whereItRuns} from './docker.js';
import {Unreadable} from './files.js';
import {covers, type InterfaceAddress} from './addresses.js';

/** What Docker says of a network of the kind `bridge`. */
export type DockersWord = {
	readonly name: string;
	/** Its bridge, such as `docker0` or `br-0a1b2c3d4e5f`. */
	readonly bridge: string;
	/** Whether it was made without a way out. */
	readonly isInternal: boolean;
	/** Whether its containers may reach each other. */
	readonly talks: boolean;
};

/** The ids of those networks; none where Docker does not run. */
export const networkIds: Fact<readonly string[]> = {
	argv: whereItRuns('docker', 'network', 'ls', '--no-trunc', '--quiet', '--filter', 'driver=bridge'),
	seconds: 10,
	parse({outcome, code, out, err}) {
		// Where its pid is not there nobody was asked, and `find` says so; Docker itself, asked, names one network at least or complains.
		if (outcome !== 'ran' || (code === 0 && out === '' && err !== '')) {
			throw new Unreadable(`Docker's networks could not be listed: ${err.trim() || outcome}`);
		}

		return out.split('\n').filter(Boolean);
	},
};

type Inspected = {readonly Name: string; readonly Id: string; readonly Internal: boolean; readonly Options: Readonly<Record<string, string>> | null};
const option = (name: string): string => `com.docker.network.bridge.${name}`;

/** What Docker says of networks, by their ids. One that went away meanwhile is left out. */
export const inspectNetworks = (ids: readonly string[]): Fact<readonly DockersWord[]> => ({
	argv: whereItRuns('docker', 'network', 'inspect', '--format', '{{json .}}', ...ids),
	seconds: 10,
	parse({outcome, out, err}) {
		const lines = out.split('\n').filter(line => line.startsWith('{'));
		if (outcome !== 'ran' || (lines.length === 0 && err !== '')) {
			throw new Unreadable(`Docker did not tell of its networks: ${err.trim() || outcome}`);
		}

		return lines.map(line => JSON.parse(line) as Inspected).map(({Name, Id, Internal, Options}) => ({
			name: Name, bridge: Options?.[option('name')] ?? `br-${Id.slice(0, 12)}`, isInternal: Internal, talks: Options?.[option('enable_icc')] !== 'false',
		}));
	},
});

/** Whether a bridge is Docker's: by the name that Docker gives, or by its word. */
export const isDockers = (words: readonly DockersWord[]) => (bridge: string): boolean => isDockersName(bridge) || words.some(one => one.bridge === bridge);

/** A network as the kernel has it: `address` is the server's own in it, `range` all of it, such as `172.17.0.0/16`. */
export type ContainerNetwork = {readonly bridge: string; readonly address: string; readonly range: string; readonly word: DockersWord | undefined};

const rangeOf = ({address, bits}: InterfaceAddress): string => {
	const whole = address.split('.').map(Number).reduce((sum, part) => (sum * 256) + part, 0);
	const size = 2 ** (32 - bits);
	const first = Math.floor(whole / size) * size;
	return `${[24, 16, 8, 0].map(shift => Math.floor(first / (2 ** shift)) % 256).join('.')}/${bits}`;
};

/** Docker's networks over IPv4, as far as their bridges have an address. */
export const networksOf = (interfaces: readonly InterfaceAddress[], bridges: readonly string[], words: readonly DockersWord[]): readonly ContainerNetwork[] =>
	interfaces.filter(({interface: name, address}) => bridges.includes(name) && isDockers(words)(name) && !address.includes(':')).map(one => ({
		bridge: one.interface, address: one.address, range: rangeOf(one), word: words.find(word => word.bridge === one.interface),
	}));

/** Two addresses in a network that containers could have. */
export const containersIn = ({address, range}: ContainerNetwork): readonly [string, string] => {
	const parts = address.split('.').map(Number);
	const others = [1, 2, 3, 4, 5].map(step => [...parts.slice(0, 3), (parts[3]! + step) % 256].join('.')).filter(one => covers(range, one));
	return [others[0] ?? address, others[1] ?? others[0] ?? address];
};
