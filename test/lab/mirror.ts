import process from 'node:process';
import {run} from './command.js';
import {LabUnavailable} from './requirements.js';

/** Where packages come from: this machine's own mirror, read from its apt, never a name written down here. */
export type Mirror = {main: string; security: string | undefined; proxy: string | undefined};

const trimmed = (url: string) => url.replace(/\/+$/v, '');

/** @throws {LabUnavailable} where this machine's apt knows no Debian mirror and DROPWISE_LAB_MIRROR names none. */
export const mirror = async (): Promise<Mirror> => {
	const {out} = await run(['apt-get', 'indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Identifier: Packages']);
	const sources = out.trim().split('\n').map(line => line.split(' '));
	const suiteOf = (suffix: string) => sources.find(([url, suite, component]) =>
		url?.startsWith('http:') && suite?.endsWith(suffix) && component === 'main');
	const updates = suiteOf('-updates');
	const security = suiteOf('-security');
	const main = process.env['DROPWISE_LAB_MIRROR'] ?? updates?.[0];
	if (!main) {
		throw new LabUnavailable('The lab found no Debian mirror over http in this machine\'s apt sources; name one in DROPWISE_LAB_MIRROR.');
	}

	const proxy = await run(['apt-config', 'shell', 'PROXY', 'Acquire::http::Proxy']);
	return {
		main: trimmed(main),
		security: security?.[0] && trimmed(security[0]),
		proxy: /^PROXY='(?<url>.+)'$/mv.exec(proxy.out)?.groups?.['url'],
	};
};
