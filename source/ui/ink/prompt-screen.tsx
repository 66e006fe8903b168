import {
	useEffect, useRef, useState, type ReactNode, type RefObject,
} from 'react';
import {byHandScreen, saidLines} from '../by-hand.js';
import {footer} from '../key-bindings.js';
import type {EditedFile, Prompt, PromptAnswer} from '../prompt.js';
import {stepIn} from '../run-state.js';
import {toAscii, type Theme} from '../theme.js';
import {cleanLine} from '../clean.js';
import {changesIn} from '../commands-to-type.js';
import {Box, Text, useInput} from './ink.js';
import {drawnLine} from './field-screen.js';
import {Editor} from './editor.js';
import {Lines} from './text-lines.js';
import {moreBelow} from './more-below.js';
import {useScroll} from './scroll.js';
import {useBeat} from './use-beat.js';
import {useLine} from './use-line.js';
import type {HandView, View} from './views.js';
import {frameAt} from './working.js';

/** Hears Ctrl-C first; true where that was all of it. */
export type CtrlC = (() => boolean) | undefined;

type Asked = Extract<PromptAnswer, {said: string}>['asks'];

const questionOf = (asked: Asked): string | undefined => asked && cleanLine(asked.question, 60);

/** Somebody types at the practice droplet's prompt, and sees how each claim turns. */
export const PromptScreen = ({view, prompt, theme, rows, ctrlC}: {readonly view: View & HandView; readonly prompt: Prompt; readonly theme: Theme; readonly rows: number; readonly ctrlC: RefObject<CtrlC>}): ReactNode => {
	const {state, hand, look, note, back} = view;
	const [said, setSaid] = useState<readonly string[]>([]);
	const [file, setFile] = useState<EditedFile>();
	// All of a line that goes on in the next one.
	const held = useRef('');
	// A command that waits for an answer, and what stands before the line.
	const asked = useRef<Asked>(undefined);
	const [sign, setSign] = useState(prompt.sign);
	const [since, setSince] = useState<number>();
	const now = useBeat(since !== undefined);
	const before = useRef<string[]>([]);
	const recalled = useRef(0);
	const waiting = useRef<string[]>([]);
	const isBusy = useRef(false);
	const show = (lines: readonly string[]): void => {
		note(lines);
		setSaid(lines);
	};

	const take = async (row: string): Promise<void> => {
		const text = `${held.current}${row}`;
		const typed = ` ${questionOf(asked.current) ?? prompt.sign} ${text.replaceAll('\n', ' ')}`;
		setSaid([typed]);
		const entered = await (asked.current?.answer ?? prompt.enter)(text);
		held.current = 'goesOn' in entered ? `${text}\n` : '';
		asked.current = 'said' in entered ? entered.asks : undefined;
		setSign('goesOn' in entered ? '>' : questionOf(asked.current) ?? prompt.sign);
		if ('leaves' in entered) {
			back();
		} else if ('file' in entered) {
			show([typed]);
			setFile(entered.file);
		} else if ('said' in entered) {
			show([typed, ...saidLines(entered.said, theme)]);
			if (text.trim() !== '') {
				await look();
			}
		}
	};

	const takeAll = async (): Promise<void> => {
		if (isBusy.current) {
			return;
		}

		isBusy.current = true;
		setSince(Date.now());
		try {
			for (let text = waiting.current.shift(); text !== undefined; text = waiting.current.shift()) {
				await take(text);
			}
		} finally {
			isBusy.current = false;
			setSince(undefined);
		}
	};

	const line = useLine({
		lines: true,
		isActive: file === undefined,
		back,
		enter(text) {
			if (text.trim() !== '') {
				before.current.push(text);
			}

			recalled.current = before.current.length;
			waiting.current.push(text);
			line.set('');
			void takeAll();
		},
	});
	// As in a shell: with something typed it takes that away.
	useEffect(() => {
		ctrlC.current = () => {
			const isMine = file === undefined && line.typed.text !== '';
			if (isMine) {
				line.set('');
			}

			return isMine;
		};

		return () => {
			ctrlC.current = undefined;
		};
	});
	// A blank line and the prompt, a blank line and the footer.
	const screen = byHandScreen(state(), hand, {rows, below: 4, said}, theme);
	const {shown, more, hear} = useScroll(screen.typing, screen.room, moreBelow(theme), screen.subject);
	useInput((_, key) => {
		if (key.pageUp || key.pageDown) {
			hear(key.pageUp ? 'page-up' : 'page-down', 'pages');
		} else if (key.upArrow || key.downArrow) {
			recalled.current = Math.max(0, Math.min(before.current.length, recalled.current + (key.upArrow ? -1 : 1)));
			line.set(before.current[recalled.current] ?? '');
		}
	}, {isActive: file === undefined});
	if (file) {
		return (
			<Editor
				file={file} hints={changesIn(file.path, stepIn(state(), state().current)?.plan ?? [], theme)} theme={theme} rows={rows} onClose={() => {
					setFile(undefined);
					void look();
				}}
			/>
		);
	}

	const seconds = since === undefined ? 0 : Math.max(0, Math.round((now - since) / 1000));
	const text = since === undefined
		? ` ${theme.paint.bold(sign)} ${drawnLine(line.typed, false, theme.columns - sign.length - 3, theme)}`
		: ` ${theme.paint.cyan(frameAt(now, theme))}${seconds >= 2 ? ` ${seconds} s` : ''} ${drawnLine(line.typed, false, theme.columns - 12, theme)}`;
	return (
		<Box flexDirection='column'>
			<Lines lines={[...screen.head, ...shown, ...screen.claims, '', ...screen.said]} theme={theme}/>
			<Text wrap='truncate-end'>{theme.ascii ? toAscii(text) : text}</Text>
			<Lines lines={['', footer(['enter', ...(more || shown.length < screen.typing.length ? ['page' as const] : []), 'back'], theme, {enter: 'run it'}, ['leave'])]} theme={theme}/>
		</Box>
	);
};
