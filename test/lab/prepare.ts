import {recipeOf} from './base-recipe.js';
import {baseTree} from './base-tree.js';
import {type Release} from './record.js';
import {requirements} from './requirements.js';
import {sweep} from './sweep.js';

/** All that can be booted. */
export const releases: readonly Release[] = ['bookworm', 'trixie', 'ubuntu-like'];

/**
Removes what a killed lab left, and installs and builds everything that is made once, so that no test has to wait for it. Minutes the first time, nothing afterwards.

@param wanted the releases whose base trees are built; others are built when they are asked for.
*/
export const prepare = async (wanted: readonly Release[] = releases): Promise<void> => {
	await requirements();
	const removed = await sweep();
	if (removed.length > 0) {
		console.log(`Removed what a lab that was killed had left: ${removed.join(', ')}.`);
	}

	for (const release of wanted) {
		await baseTree(recipeOf(release));
	}
};
