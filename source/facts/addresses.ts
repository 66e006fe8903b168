/** Addresses, and the server's interfaces that have them. */
import {BlockList, isIP, isIPv6} from 'node:net';
import type {Fact, Family} from '../step.js';
import {Unreadable} from './files.js';

/** Whether an address lies in a range such as `203.0.113.0/24`, or is the one named. */
export const covers = (range: string, address: string): boolean => {
	const [network = '', bits] = range.split('/');
	const family = isIPv6(network) ? 'ipv6' : 'ipv4';
	if (isIP(network) === 0 || isIP(address) === 0) {
		return false;
	}

	const list = new BlockList();
	list.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
	return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
};

/** The kinds of addresses there are. */
export const families = ['v4', 'v6'] as const;

/** As people call them. */
export const spoken: Readonly<Record<Family, string>> = {v4: 'IPv4', v6: 'IPv6'};

export const familyOf = (address: string): Family => (isIPv6(address) ? 'v6' : 'v4');

/** An address of an interface, and how many bits of it name the network that is reached by it. */
export type InterfaceAddress = {readonly interface: string; readonly address: string; readonly bits: number};

/** The server's addresses that others could reach. */
export const interfaceAddresses: Fact<readonly InterfaceAddress[]> = {
	argv: ['ip', '-o', 'addr', 'show', 'scope', 'global'],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran' || code !== 0) {
			throw new Unreadable(`the server's addresses could not be listed: ${err.trim() || outcome}`);
		}

		return [...out.matchAll(/^\d+: ([^@\s]+)\s+inet6? ([\da-f.:]+)\/(\d+)/gim)].map(([, name = '', address = '', bits = '']) => ({interface: name, address, bits: Number(bits)}));
	},
};

/** The interface that has an address. */
export const interfaceOf = (all: readonly InterfaceAddress[], address: string): string | undefined => all.find(one => one.address === address)?.interface;
/** The interface whose network an address lies in. */
export const wayTo = (all: readonly InterfaceAddress[], address: string): string | undefined => all.find(one => covers(`${one.address}/${one.bits}`, address))?.interface;
