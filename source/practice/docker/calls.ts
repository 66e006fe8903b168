import {type Routes, fateOf} from '../../facts/packet-filter/fate.js';
import {callWithin, isMasked} from '../../facts/packet-filter/containers.js';
import {listensOn} from '../listening.js';
import {tablesOfAllKinds} from '../netfilter/ruleset.js';
import {NotModelled, type Container, type Droplet} from '../state.js';
import {networkOf, running} from './containers.js';
import {bridged, gatewayOf, networkAt} from './networks.js';

/** Who gets through to whom: asked of the kernel's rules, as they stand. */
export type Reached = 'open' | 'refused' | 'silent';

/** A place in the world, at an address that is there for examples (RFC 5737): it answers on 80 and 443. */
const world = '192.0.2.80';

/** By which a container calls itself. */
const itself = '127.0.0.1';

/** The droplet's own addresses and networks, by which it sends on. */
export const routesOf = (droplet: Droplet): Routes => {
	const {addresses: {v4, v6}, forwarding} = droplet;
	const own = new Set([v4, v6, '127.0.0.1', '::1', ...bridged(droplet).map(network => gatewayOf(network))]);
	return {
		isOwn: address => own.has(address),
		wayTo: address => networkAt(droplet, address)?.bridge ?? (address.includes(':') || v4 === undefined ? undefined : 'eth0'),
		forwards: forwarding,
	};
};

/** What listens at an address inside or outside, for packets that got there. */
export const answersAt = (droplet: Droplet, address: string, port: number): Reached => {
	const network = networkAt(droplet, address);
	if (network && address !== gatewayOf(network)) {
		const container = running(droplet).find(one => one.address === address);
		return container ? (container.listens.includes(port) ? 'open' : 'refused') : 'silent';
	}

	return listensOn(droplet, address.includes(':') ? 'v6' : 'v4', port) === undefined ? 'refused' : 'open';
};

/** What becomes of a container's call to an address and a port. */
export const callFrom = (droplet: Droplet, container: Container, to: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Reached => {
	if (to === itself) {
		return container.listens.includes(port) ? 'open' : 'refused';
	}

	const {bridge} = networkOf(droplet.docker!, container)!;
	const from = container.address!;
	const network = networkAt(droplet, to);
	const isWithin = network?.bridge === bridge && to !== gatewayOf(network);
	const kinds = tablesOfAllKinds(droplet, 'v4');
	const fates = kinds.map(tables => (isWithin
		? callWithin(tables, {bridge, container: from, other: to})
		: fateOf(tables, {
			family: 'v4', from, to, port, protocol, in: bridge,
		}, routesOf(droplet))));
	const fate = fates.find(one => !('end' in one) || one.end !== 'in') ?? fates[0]!;
	if ('unknown' in fate) {
		throw new NotModelled(fate.unknown);
	}

	if (fate.end !== 'in') {
		return fate.end === 'refused' ? 'refused' : 'silent';
	}

	const at = fate.translated ?? {to, port};
	if (routesOf(droplet).isOwn(at.to) || networkAt(droplet, at.to)) {
		return answersAt(droplet, at.to, at.port);
	}

	// What leaves under an address of its own hears no answer.
	const hears = isMasked(kinds[0]!, {bridge, container: from, other: from}, {family: 'v4', at: droplet.addresses.v4!, interface: 'eth0'});
	return hears === true ? (at.to === world && ![53, 80, 443].includes(at.port) ? 'refused' : 'open') : 'silent';
};

/** The address behind a name, as a container learns it; undefined where nobody tells. In networks that people made Docker knows the names of containers. */
export const resolve = (droplet: Droplet, container: Container, name: string): string | undefined => {
	if (name === 'localhost') {
		return itself;
	}

	if (/^\d+(?:\.\d+){3}$/v.test(name)) {
		return name;
	}

	const named = container.network === 'bridge' ? undefined : running(droplet).find(one => one.network === container.network && one.name === name);
	return named?.address ?? (name.includes('.') && callFrom(droplet, container, world, 53, 'udp') === 'open' ? world : undefined);
};

/** Who it is that answers at an address, in words for a page. */
export const whoAnswers = (droplet: Droplet, caller: Container, address: string): string => {
	const container = address === itself ? caller : running(droplet).find(one => one.address === address);
	return container ? `the container ${container.name}` : routesOf(droplet).isOwn(address) ? 'the server itself' : 'the internet, as far as a practice droplet has one';
};
