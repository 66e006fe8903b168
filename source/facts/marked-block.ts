/** A part of somebody else's file that is ours: between two lines that say so. */
const end = '# END dropwise';

export type Block = {
	/** What it is there for; stands in its first line, by which it is found again. */
	readonly about: string;
	readonly lines: readonly string[];
	/** How a block ends whose last line is gone; until there everything is taken for ours. */
	readonly lastly?: string;
};

const begin = ({about}: Pick<Block, 'about'>): string => `# BEGIN dropwise: ${about}`;
const pattern = ({lastly, ...block}: Pick<Block, 'about' | 'lastly'>): RegExp =>
	new RegExp(String.raw`^${begin(block)}\n(?:${[end, ...(lastly === undefined ? [] : [lastly])].map(last => String.raw`[\s\S]*?^${last}\n`).join('|')})`, 'm');

const text = (block: Block): string => [begin(block), ...block.lines, end, ''].join('\n');
const ended = (content: string): string => (content === '' || content.endsWith('\n') ? content : `${content}\n`);

/** A file with a block in it: where it is, or at the file's end. */
export const withBlock = (content: string, block: Block): string =>
	(pattern(block).test(content) ? content.replace(pattern(block), () => text(block)) : `${ended(content)}${text(block)}`);

/** A script with a block in it: where it is, or behind its first line, which says who runs it. */
export const withBlockFirst = (content: string, block: Block): string => {
	if (pattern(block).test(content)) {
		return withBlock(content, block);
	}

	const [, first = '#!/bin/sh\n', rest = ''] = /^(#![^\n]*\n)([\s\S]*)$/.exec(ended(content)) ?? [undefined, undefined, content];
	return `${first}${text(block)}${rest}`;
};
