# Hearing an order to its end, from its first output on.

# A frame with the bytes that came since, for the open file behind it: flush out <&5.
flush() {
	chunk=$run/chunk.$$
	while dd bs=131072 count=1 >"$chunk" 2>/dev/null && [ -s "$chunk" ]; do
		printf '%s %d\n' "$1" "$(wc -c <"$chunk")"
		cat "$chunk"
	done
	rm -f "$chunk"
}

# Runs beside the main loop, which goes on renewing the lease.
follow() {
	order=$run/orders/$1
	if [ ! -d "$order" ]; then
		follow_from_disk "$1"
		return
	fi
	exec 5<"$order/out" 6<"$order/err" 8>>"$order/alive"
	tell_time
	beaten=$now
	waits=0
	while :; do
		ended=$order/code
		[ -f "$ended" ] || ended=
		flush out <&5
		flush err <&6
		[ -z "$ended" ] || break
		tell_time
		if [ "$now" -gt "$beaten" ]; then
			frame beat ''
			beaten=$now
		fi
		wait_for_more
	done
	read -r outcome code <"$order/code"
	# what was refused changed nothing
	[ "$outcome" != refused ] || : >"$order/kept"
	ended "$outcome $code" "$order/kept"
}

# While its command runs, an order's file `alive` is locked: waiting for the lock ends with the command.
wait_for_more() {
	waits=$((waits + 1))
	if [ ! -d "$order/begun" ]; then
		sleep 0.02
		# nobody began it, and now nobody will
		[ "$waits" -lt 1000 ] || ! mkdir "$order/begun" 2>/dev/null || {
			echo 'The command could not be started. Nothing was changed.' >>"$order/err"
			finish "$order" refused 255
		}
	elif flock -s -w 0.15 8; then
		flock -u 8
		[ -f "$order/code" ] || {
			echo 'The command was killed before it could say how it ended.' >>"$order/err"
			finish "$order" ran 255
		}
	fi
}

# After a restart of the server the note on the disk is all there is.
follow_from_disk() {
	if [ ! -f "$state/orders/$1" ]; then
		frame unknown ''
		return
	fi
	outcome='ran 255'
	what='The server restarted, or lost power, while this was under way.'
	: >"$run/kept.$$"
	while read -r word rest; do
		case $word in
			kept) printf '%s\n' "$rest" >>"$run/kept.$$" ;;
			ended) outcome=$rest what='The server restarted since: what this said is lost.' ;;
		esac
	done <"$state/orders/$1"
	frame err "$what$newline"
	ended "$outcome" "$run/kept.$$"
	rm -f "$run/kept.$$"
}

# The last frame of an order: outcome and code, how many seconds an armed guard has left, then what was kept.
ended() {
	text=$1$newline
	if [ -f "$guard/armed" ] && read -r deadline <"$guard/deadline"; then
		tell_time
		text=${text}guard' '$((deadline - now))$newline
	fi
	while read -r hash mode names numbers path; do
		text=$text$hash' '$mode' '$names' '$path$newline
	done <"$2"
	frame ended "$text"
}

refuse() {
	frame err "$1$newline"
	frame ended "refused 255$newline"
}
