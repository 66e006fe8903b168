import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {toAscii, type Look} from '../look.js';

/** Lines as they are: each takes one row, whatever its length. */
export const Lines = ({lines, look}: {readonly lines: readonly string[]; readonly look: Look}): ReactNode => (
	<Box flexDirection='column'>
		{lines.map((line, index) => (
			// A line has no other name than its place.
			<Text key={index} wrap='truncate-end'>{line === '' ? ' ' : (look.ascii ? toAscii(line) : line)}</Text>
		))}
	</Box>
);
