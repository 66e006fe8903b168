/** A line that is wider than the terminal, broken between the folders of the path in it rather than in the midst of a name. Others are as they were. */
export const fitted = (line: string, columns: number): string => {
	const by = /^ */.exec(line)![0];
	const at = [...line].length > columns && !line.includes('\u001B') ? line.lastIndexOf('/', columns - 1) + 1 : 0;
	return at > by.length + 2 ? `${line.slice(0, at)}\n${fitted(`${by}${line.slice(at)}`, columns)}` : line;
};
