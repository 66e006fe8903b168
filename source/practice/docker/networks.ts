import {randomBytes} from 'node:crypto';
import type {Docker, DockerNetwork, Droplet} from '../state.js';

/** Networks of containers: their ranges, their bridges, and the addresses in them. */
const newId = (): string => randomBytes(32).toString('hex');

/** The network that is there without anybody's doing. */
const defaultNetwork = (): DockerNetwork => ({
	id: newId(), name: 'bridge', bridge: 'docker0', range: '172.17.0.0/16', internal: false, masks: true,
});

/** Docker as its package leaves it. */
export const newDocker = (): Docker => ({
	starts: [], images: [], networks: [defaultNetwork()], containers: [],
});

export const isDefault = ({bridge}: DockerNetwork): boolean => bridge === 'docker0';

/** The networks of which the kernel has a bridge, in the order of its interfaces. */
export const bridged = ({docker}: Droplet): readonly DockerNetwork[] => (docker?.networks ?? []).filter(({link}) => link !== undefined).toSorted((a, b) => a.link! - b.link!);

/** Gives a network its bridge. The first two interfaces are the machine's own. */
export const plugIn = (droplet: Droplet, network: DockerNetwork): void => {
	network.link ??= Math.max(2, ...bridged(droplet).map(({link}) => link!)) + 1;
};

/** The ranges that Docker takes one after another (26.1). */
const pools = [...Array.from({length: 15}, (_, index) => `172.${17 + index}.0.0/16`), ...Array.from({length: 16}, (_, index) => `192.168.${16 * index}.0/20`)];

const partsOf = (range: string): readonly number[] => range.split('/')[0]!.split('.').map(Number);
const hostIn = (range: string, number: number): string => {
	const [first, second, third, fourth] = partsOf(range);
	return [first, second, third! + Math.floor(number / 256), fourth! + (number % 256)].join('.');
};

export const gatewayOf = ({range}: DockerNetwork): string => hostIn(range, 1);

/** A new network; `bridge`: what somebody calls its bridge. Undefined: no range is left. */
export const makeNetwork = ({networks}: Docker, name: string, {internal, bridge}: {readonly internal: boolean; readonly bridge: string | undefined}): DockerNetwork | undefined => {
	const range = pools.find(one => !networks.some(network => network.range === one));
	const id = newId();
	return range === undefined
		? undefined
		: {
			id, name, bridge: bridge ?? `br-${id.slice(0, 12)}`, range, internal, masks: true,
		};
};

/** The lowest address that nobody has. */
export const freeAddress = ({containers}: Docker, network: DockerNetwork): string => {
	const taken = new Set(containers.map(({address}) => address));
	let number = 2;
	while (taken.has(hostIn(network.range, number))) {
		number++;
	}

	return hostIn(network.range, number);
};

/** A name, or the beginning of an id. */
export const networkNamed = (networks: readonly DockerNetwork[], named: string): DockerNetwork | undefined => networks.find(({name}) => name === named) ?? networks.find(({id}) => id.startsWith(named));

/** The range that an address lies in, among Docker's. */
export const networkAt = (droplet: Droplet, address: string): DockerNetwork | undefined => bridged(droplet).find(({range}) => {
	const [, bits] = range.split('/');
	const number = (parts: readonly number[]): number => parts.reduce((sum, part) => (sum * 256) + part, 0);
	const size = 2 ** (32 - Number(bits));
	return !address.includes(':') && Math.floor(number(address.split('.').map(Number)) / size) === Math.floor(number(partsOf(range)) / size);
});
