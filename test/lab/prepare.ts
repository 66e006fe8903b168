import {recipeOf} from './base-recipe.js';
import {baseTree} from './base-tree.js';
import {type Release} from './record.js';
import {requirements} from './requirements.js';

export const releases: readonly Release[] = ['bookworm', 'trixie', 'ubuntu-like'];

/** Installs and builds everything that is made once, so that no test has to wait for it. Minutes the first time, nothing afterwards. */
export const prepare = async (): Promise<void> => {
	await requirements();
	for (const release of releases) {
		await baseTree(recipeOf(release));
	}
};
