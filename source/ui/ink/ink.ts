/*
All that is drawn with. Imported from here alone: the build puts it into one file, for hundreds of modules, most of which nobody needs, take longer to find than the first screen may take, and twice the room.
*/
export * from 'ink';
export {default as SelectInput} from 'ink-select-input';
