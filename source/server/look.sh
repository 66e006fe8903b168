# Questions: all at once, each under its own time limit, leaving nothing behind.

# Reads and answers $1 questions.
look() {
	total=$1
	dir=$run/look.$$
	mkdir -p "$dir" || return
	number=0
	while [ "$number" -lt "$total" ]; do
		number=$((number + 1))
		take
		if [ "$value" = file ]; then
			take
			answer_file "$value" >"$dir/$number.out" 2>"$dir/$number.err" </dev/null &
			continue
		fi
		take
		seconds=$value
		take
		limit=$value
		take
		input=/dev/null
		if [ "$value" = input ]; then
			input=$dir/$number.in
			take_block >"$input"
		fi
		take
		words=$value
		set --
		while [ "$words" -gt 0 ]; do
			take
			set -- "$@" "$value"
			words=$((words - 1))
		done
		answer_command "$@" <"$input" >"$dir/$number.out" 2>"$dir/$number.err" &
	done
	wait
	tell_answers
	rm -rf "$dir"
	rmdir "$run" 2>/dev/null
}

# Runs the command "$@" and notes how it went: outcome and exit code. Whoever ends with 124 of its own accord has not timed out.
answer_command() {
	if ! has "$1"; then
		echo 'no-such-command 127' >"$dir/$number.code"
		return
	fi
	umask 022
	tell_time
	began=$ticks
	timeout -k 2 "$seconds" "$@"
	code=$?
	umask 077
	outcome=ran
	case $code in
		124 | 137)
			tell_time
			[ $((ticks - began)) -lt "$limit" ] || outcome=timed-out
			;;
	esac
	echo "$outcome $code" >"$dir/$number.code"
}

# Tells of the file $1: a line with its mode, its owner by name and by number; then its content.
answer_file() {
	resolve "$1"
	code=0
	case $what in
		file) timeout 10 stat -c '%a %U:%G %u:%g' -- "$target" && timeout 10 cat <"$target" || code=2 ;;
		absent) code=1 ;;
		*)
			code=2
			printf '%s is %s\n' "$1" "$what" >&2
			;;
	esac
	echo "ran $code" >"$dir/$number.code"
}

# Three frames: how each went, how long each answer is, the answers. What was cut off by its time limit is left out: somebody may still be writing it.
tell_answers() {
	set --
	codes=
	number=0
	while [ "$number" -lt "$total" ]; do
		number=$((number + 1))
		read -r outcome code <"$dir/$number.code" || outcome=timed-out code=124
		codes=$codes$outcome' '$code$newline
		if [ "$outcome" = timed-out ]; then
			set -- "$@" /dev/null /dev/null
		else
			set -- "$@" "$dir/$number.out" "$dir/$number.err"
		fi
	done
	frame codes "$codes"
	sizes=$(wc -c "$@")
	frame sizes "$sizes"
	sizes=${sizes##*"$newline"}
	sizes=${sizes#"${sizes%%[0-9]*}"}
	printf 'answers %d\n' "${sizes%%[!0-9]*}"
	cat "$@"
	frame 'done' ''
}
