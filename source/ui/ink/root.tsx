import {
	Activity, useRef, useState, useSyncExternalStore, type ReactNode, type RefObject,
} from 'react';
import {cleanTail} from '../clean.js';
import {keyLines} from '../key-bindings.js';
import {toAscii, type Theme} from '../theme.js';
import type {Earlier} from '../screen.js';
import {indent} from '../words.js';
import {
	Static, Text, useInput, useWindowSize,
} from './ink.js';
import {BusyScreen} from './busy-screen.js';
import {ChoiceScreen} from './choice-screen.js';
import {FieldScreen} from './field-screen.js';
import {fitted} from './fitted.js';
import {LookingOnScreen} from './looking-on-screen.js';
import {Pager} from './pager.js';
import {PromptScreen, type CtrlC} from './prompt-screen.js';
import type {Stage} from './stage.js';
import {StepScreen} from './step-screen.js';
import {useKeys} from './use-keys.js';
import {takesLetters, type View} from './views.js';

type Overlay = 'keys' | 'log';

/** So much of what was said earlier is shown: the files have all of it. */
const mostEarlier = 200;

const logLines = (log: readonly string[], earlier: Earlier | undefined, {columns, paint}: Theme): readonly string[] => {
	const spelled = (said: readonly string[]): readonly string[] => said.flatMap(text => cleanTail(text, columns - 3, 500).map(line => `  ${line}`));
	return [
		` ${paint.bold('What the server said')}`,
		'',
		...(log.length === 0 ? [earlier ? ' Nothing since this start.' : ' Nothing yet.'] : spelled(log)),
		...(earlier ? ['', ...indent(`Before this start${earlier.said.length > mostEarlier ? ', the last of it' : ''}; all of it is in ${earlier.folder}:`, columns, ' '), '', ...spelled(earlier.said.slice(-mostEarlier))] : []),
	];
};

const Asked = ({view, theme, rows, onLog, ctrlC}: {readonly view: View; readonly theme: Theme; readonly rows: number; readonly onLog: ReactNode; readonly ctrlC: RefObject<CtrlC>}): ReactNode => {
	switch (view.kind) {
		case 'choice': {
			return <ChoiceScreen key={view.id} view={view} theme={theme} rows={rows}/>;
		}

		case 'field': {
			return <FieldScreen key={view.id} view={view} theme={theme} rows={rows}/>;
		}

		case 'step': {
			return <StepScreen key={view.id} view={view} theme={theme} rows={rows}/>;
		}

		case 'by-hand': {
			const {prompt} = view.hand ?? {};
			return prompt ? <PromptScreen key={view.id} view={view} prompt={prompt} theme={theme} rows={rows} ctrlC={ctrlC}/> : <LookingOnScreen key={view.id} view={view} theme={theme} rows={rows}/>;
		}

		case 'text': {
			return (
				<Pager
					key={view.id} lines={view.lines} theme={theme} rows={rows} onClose={() => {
						view.answer(undefined);
					}}
				/>
			);
		}

		case 'log': {
			return onLog;
		}
	}
};

/** The whole screen: the transcript above, and below it the one thing that lives. */
export const Root = ({stage, theme}: {readonly stage: Stage; readonly theme: Theme}): ReactNode => {
	const {transcript, view, busy, log, earlier} = useSyncExternalStore(stage.subscribe, stage.scene);
	const [overlay, setOverlay] = useState<Overlay>();
	const {rows, columns} = useWindowSize();
	const ctrlC = useRef<CtrlC>(undefined);
	useInput((input, key) => {
		if (key.ctrl && input === 'c' && !ctrlC.current?.()) {
			stage.interrupt();
		}
	});
	useKeys(pressed => {
		if (pressed === 'keys' || pressed === 'log') {
			setOverlay(overlay === pressed ? undefined : pressed);
		}
	}, !takesLetters(view));
	const shown = takesLetters(view) ? undefined : overlay;
	// What lives is never as high as the screen: the terminal would scroll it away.
	const room = rows - 1;
	const pager = (what: Overlay, onClose: () => void): ReactNode => (
		<Pager key={what} lines={['', ...(what === 'keys' ? keyLines(theme) : logLines(log, earlier, theme))]} theme={theme} rows={room} onClose={onClose}/>
	);
	const close = (): void => {
		setOverlay(undefined);
	};

	return (
		<>
			<Static items={[...transcript]}>
				{({id, text}) => <Text key={id}>{text === '' ? ' ' : fitted(theme.ascii ? toAscii(text) : text, columns)}</Text>}
			</Static>
			{shown ? pager(shown, close) : null}
			{view
				? (
					// What is asked stands afterwards as it stood before: with its mark, and as far as it was read.
					<Activity mode={shown ? 'hidden' : 'visible'}>
						<Asked
							view={view} theme={theme} rows={room} ctrlC={ctrlC}
							onLog={pager('log', () => {
								view.answer(undefined);
							})}
						/>
					</Activity>
				)
				: (busy && !shown ? <BusyScreen busy={busy} theme={theme} rows={room}/> : null)}
		</>
	);
};
