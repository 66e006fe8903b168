import type {ReactNode} from 'react';
import {toAscii, type Theme} from '../theme.js';
import {Box, Text} from './ink.js';

/** Lines as they are: each takes one row, whatever its length. */
export const Lines = ({lines, theme}: {readonly lines: readonly string[]; readonly theme: Theme}): ReactNode => (
	<Box flexDirection='column'>
		{lines.map((line, index) => (
			// A line has no other name than its place.
			<Text key={index} wrap='truncate-end'>{line === '' ? ' ' : (theme.ascii ? toAscii(line) : line)}</Text>
		))}
	</Box>
);
