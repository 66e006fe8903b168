import process from 'node:process';
import {run} from './command.js';
import {LabUnavailable} from './requirements.js';

/** Where packages come from: this machine's own mirror, read from its apt, never a name written down here. */
export type Mirror = {main: string; security: string | undefined; proxy: string | undefined};

const trimmed = (url: string) => url.endsWith('/') ? url.slice(0, -1) : url;

/**
Reads the mirror from apt's own configuration.

@throws {LabUnavailable} where that knows no Debian mirror and DROPWISE_LAB_MIRROR names none.
*/
export const mirror = async (): Promise<Mirror> => {
	// Not `apt-get indextargets`: it names only what was downloaded before, and takes a second for it.
	const {out} = await run(['apt-get', 'update', '--print-uris']);
	const sources = [...out.matchAll(/^'(?<url>http:\/\/[^']+)\/dists\/(?<suite>[^'\/]+)\/InRelease'/gmv)];
	const sourceOf = (suffix: string) => sources.find(({groups}) => groups?.suite?.endsWith(suffix))?.groups?.url;
	const security = sourceOf('-security');
	const main = process.env.DROPWISE_LAB_MIRROR ?? sourceOf('-updates');
	if (!main) {
		throw new LabUnavailable('The lab found no Debian mirror over http in this machine\'s apt sources; name one in DROPWISE_LAB_MIRROR.');
	}

	const proxy = await run(['apt-config', 'shell', 'PROXY', 'Acquire::http::Proxy']);
	return {
		main: trimmed(main),
		security: security && trimmed(security),
		proxy: /^PROXY='(?<url>.+)'$/mv.exec(proxy.out)?.groups?.url,
	};
};
