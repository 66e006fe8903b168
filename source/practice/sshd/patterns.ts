import {BlockList, isIP} from 'node:net';

/** OpenSSH's pattern lists: `*` and `?`, separated by commas, `!` to exclude, and networks where addresses are meant. */
export const wildcard = (text: string, pattern: string): boolean => {
	const source = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`).replaceAll('*', '.*').replaceAll('?', '.');
	return new RegExp(`^${source}$`, 'v').test(text);
};

const inNetwork = (address: string, pattern: string): boolean => {
	const [network = '', bits] = pattern.split('/');
	const family = isIP(network);
	if (family === 0 || isIP(address) !== family) {
		return false;
	}

	const list = new BlockList();
	list.addSubnet(network, Number(bits ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6');
	return list.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

const matches = (list: string, one: (pattern: string) => boolean): boolean => {
	let found = false;
	for (const item of list.split(',')) {
		const negated = item.startsWith('!');
		if (!one(negated ? item.slice(1) : item)) {
			continue;
		}

		if (negated) {
			return false;
		}

		found = true;
	}

	return found;
};

export const matchesList = (text: string, list: string): boolean => matches(list, pattern => wildcard(text, pattern));
export const matchesAddress = (address: string, list: string): boolean => matches(list, pattern => inNetwork(address, pattern) || wildcard(address, pattern));

/** An AllowUsers or DenyUsers pattern: a user, or `user@host`. */
export const matchesUser = (user: string, address: string, pattern: string): boolean => {
	const at = pattern.lastIndexOf('@');
	return at === -1 ? wildcard(user, pattern) : wildcard(user, pattern.slice(0, at)) && matchesAddress(address, pattern.slice(at + 1));
};
