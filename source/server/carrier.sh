# The carrier: reads requests on its standard input and answers them in frames. A frame is a line with a name and a length, then so many bytes.

frame() {
	printf '%s %d\n%s' "$1" "${#2}" "$2"
}

leave() {
	# killed for good: a signal that can be caught is lost on a process that has just begun
	[ -z "$follower" ] || kill -KILL "$follower" 2>/dev/null
	rm -rf "$run/look.$$" "$run/stage.$$" "$run/chunk.$$"
	rmdir "$run" 2>/dev/null
	exit 0
}

# Sets $raw to the next line and $value to what it says. An unfinished request ends the carrier before it did anything.
take() {
	IFS= read -r raw || leave
	decode "$raw"
}

# Lines up to one with a dot alone: as they are, or bytes as base64.
take_lines() {
	while IFS= read -r raw && [ "$raw" != . ]; do
		printf '%s\n' "$raw"
	done
}

take_block() {
	take_lines | base64 -d
}

# The commonest requests first. Renewing the lease has no answer.
serve() {
	follower=
	trap leave HUP INT TERM PIPE
	while :; do
		take
		request=$value
		case $request in
			look)
				take
				look "$value"
				;;
			renew)
				take
				locked renew_lease "$value"
				;;
			act)
				take; id=$value
				take; token=$value
				take; under=$value
				take
				act "$id" "$token" "$under" "$value"
				;;
			follow)
				take
				mkdir -p "$run"
				follow "$value" &
				follower=$!
				;;
			lock | unlock | status | assign-id | arm | confirm | revert) answer "$request" ;;
			*) leave ;;
		esac
	done
}

# Requests that are answered in one frame: yes, no with the reason, or what was asked for.
answer() {
	mkdir -p "$run"
	take
	case $1 in
		lock)
			token=$value
			take
			if locked take_lease "$token" "$raw"; then
				heal_guard
				frame yes ''
			else
				frame no ''
			fi
			;;
		unlock)
			locked drop_lease "$value"
			frame yes ''
			;;
		status) status ;;
		assign-id) assign_id ;;
		arm) take_arm ;;
		confirm) confirm "$value" ;;
		revert) revert "$value" ;;
	esac
}

assign_id() {
	mkdir -p "$state"
	chmod 755 "$state"
	if [ ! -s "$state/id" ]; then
		read -r id <"$proc/sys/kernel/random/uuid"
		echo "$id" | store "$state/id" && chmod 644 "$state/id"
	fi
	read -r id <"$state/id"
	frame id "$id"
}

status() {
	text=
	tell_time
	if [ -s "$state/id" ] && read -r id <"$state/id"; then text="id $id$newline"; fi
	guard_stands
	if read_lease && [ "$until" -gt "$now" ]; then
		text="${text}lease $((until - now)) $holder$newline"
	fi
	# ids are plain words, and this is the order they began in
	# shellcheck disable=SC2045
	for order in $(ls -tr "$run/orders" 2>/dev/null); do
		[ -e "$run/orders/$order/code" ] || text="${text}running $order$newline"
	done
	rmdir "$run" 2>/dev/null
	frame status "$text"
}
