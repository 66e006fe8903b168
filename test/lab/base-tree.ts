import {createHash} from 'node:crypto';
import {
	access,
	chmod,
	mkdir,
	readdir,
	rename,
	rm,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {type BaseRecipe} from './base-recipe.js';
import {must} from './command.js';
import {unmountBelow} from './disk.js';
import {locked} from './lock.js';
import {type Mirror, mirror} from './mirror.js';
import {cache} from './paths.js';
import {end, processesWhere} from './processes.js';
import {names, readRecord} from './record.js';

const folder = path.join(cache, 'base');

export const exists = async (file: string): Promise<boolean> => {
	try {
		await access(file);
		return true;
	} catch {
		return false;
	}
};

const sourcesOf = (suite: string, {main, security}: Mirror) => [
	`deb ${main} ${suite} main`,
	`deb ${main} ${suite}-updates main`,
	...(security ? [`deb ${security} ${suite}-security main`] : []),
];

const halfBuilt = (tree: string): string => `${tree}.partial`;

/** Removes what one that was killed in the midst of building left, which may still be building, or be mounted. */
const removeHalfBuilt = async (tree: string): Promise<void> => {
	const partial = halfBuilt(tree);
	const builders = await processesWhere(commandLine => /^(?:\S*\/)?(?:perl|mmdebstrap|chroot|apt-get|apt|dpkg|tar) /v.test(commandLine) && commandLine.includes(partial));
	await Promise.all(builders.map(async builder => end(builder)));
	await unmountBelow(partial);
	await rm(partial, {recursive: true, force: true});
};

const build = async (recipe: BaseRecipe, from: Mirror, tree: string): Promise<void> => {
	const partial = halfBuilt(tree);
	await removeHalfBuilt(tree);
	await mkdir(folder, {recursive: true});
	await must([
		'mmdebstrap',
		'--quiet',
		'--mode=root',
		'--variant=minbase',
		`--include=${recipe.packages.join(',')}`,
		...(from.proxy ? [`--aptopt=Acquire::http::Proxy "${from.proxy}"`] : []),
		recipe.suite,
		partial,
		...sourcesOf(recipe.suite, from),
	]);
	for (const [name, file] of Object.entries(recipe.files)) {
		const target = path.join(partial, name);

		await mkdir(path.dirname(target), {recursive: true});
		// A symbolic link, like resolv.conf often is one, would lead out of the tree.
		await rm(target, {force: true});
		await writeFile(target, file.content);
		await chmod(target, file.mode ?? 0o644);
	}

	for (const command of recipe.commands) {
		await must(['chroot', partial, ...command], {environment: {PATH: '/usr/sbin:/usr/bin:/sbin:/bin'}});
	}

	await rename(partial, tree);
};

/** Removes trees of earlier recipes that no droplet stands on. */
const removeOld = async (name: string, kept: string): Promise<void> => {
	const droplets = await names();
	const records = await Promise.all(droplets.map(async droplet => readRecord(droplet)));
	const used = new Set([kept, ...records.map(record => record?.base)]);
	const entries = await readdir(folder);
	for (const entry of entries) {
		const tree = path.join(folder, entry);
		if (entry.startsWith(`${name}_`) && !used.has(tree)) {
			await rm(tree, {recursive: true, force: true});
		}
	}
};

/**
The base tree of a recipe, built if it is not there: about half a minute, once.

@returns its absolute path.
*/
export const baseTree = async (recipe: BaseRecipe): Promise<string> => {
	const from = await mirror();
	const hash = createHash('sha256').update(JSON.stringify([recipe, from])).digest('hex').slice(0, 12);
	const tree = path.join(folder, `${recipe.name}_${hash}`);
	if (await exists(tree) && !await exists(halfBuilt(tree))) {
		return tree;
	}

	return locked(`base-${recipe.name}`, async () => {
		if (await exists(tree)) {
			await removeHalfBuilt(tree);
		} else {
			await build(recipe, from, tree);
			await removeOld(recipe.name, tree);
		}

		return tree;
	});
};
