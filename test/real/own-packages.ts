/*
Packages of our own on a droplet, so that there is something to upgrade for real: its mirror is as new as its base.
*/
import type {Droplet} from '../lab/droplet.js';

export type OwnPackage = {
	readonly name: string;
	readonly version: string;
	/** What dpkg runs after unpacking it. */
	readonly postinst?: string;
	/** Files it brings, by path. */
	readonly files?: Readonly<Record<string, string>>;
	readonly depends?: string;
	readonly conflicts?: string;
};

const folder = '/srv/own-packages';

const control = ({name, version, depends, conflicts}: OwnPackage): string => [
	`Package: ${name}`,
	`Version: ${version}`,
	'Architecture: all',
	'Maintainer: nobody <nobody@example.net>',
	...(depends === undefined ? [] : [`Depends: ${depends}`]),
	...(conflicts === undefined ? [] : [`Conflicts: ${conflicts}`]),
	'Description: made by a test',
	'',
].join('\n');

/** Builds a package inside the droplet. Resolves to its path. */
export const build = async (droplet: Droplet, one: OwnPackage): Promise<string> => {
	const {name, version, postinst, files = {}} = one;
	const tree = `/tmp/build-${name}-${version}`;
	await droplet.write(`${tree}/DEBIAN/control`, control(one));
	if (postinst !== undefined) {
		await droplet.write(`${tree}/DEBIAN/postinst`, `#!/bin/sh\nset -e\n${postinst}\n`, '0755');
	}

	for (const [path, text] of Object.entries(files)) {
		await droplet.write(`${tree}${path}`, text);
	}

	const deb = `${folder}/${name}_${version}_all.deb`;
	await droplet.must(['mkdir', '-p', folder]);
	await droplet.must(['dpkg-deb', '--root-owner-group', '--build', tree, deb]);
	await droplet.must(['rm', '-r', tree]);
	return deb;
};

/** Makes packages part of what apt knows, once it reads its lists again. `suite`: where apt says they come from. */
export const publish = async (droplet: Droplet, packages: readonly OwnPackage[], suite = 'stable'): Promise<void> => {
	const entries = [];
	for (const one of packages) {
		const deb = await build(droplet, one);
		const [size = ''] = (await droplet.must(['stat', '-c', '%s', deb])).split('\n');
		const [hash = ''] = (await droplet.must(['sha256sum', deb])).split(' ');
		entries.push(`${control(one)}Filename: ./${deb.slice(folder.length + 1)}\nSize: ${size}\nSHA256: ${hash}\n`);
	}

	const index = entries.join('\n');
	await droplet.write(`${folder}/Packages`, index);
	const [hash = ''] = (await droplet.must(['sha256sum', `${folder}/Packages`])).split(' ');
	await droplet.write(`${folder}/Release`, `Origin: Own\nLabel: Own\nSuite: ${suite}\nDate: ${new Date().toUTCString()}\nSHA256:\n ${hash} ${index.length} Packages\n`);
	await droplet.write('/etc/apt/sources.list.d/own.list', `deb [trusted=yes] file:${folder} ./\n`);
};
