# The guard, as the carrier sees it. $guard holds: armed (id, boot, seconds), its deadline, an entry for each order, the revert. `armed` becomes `confirmed` or `reverting` by one rename, so exactly one happens.

# Whether orders may go on under the guard $1 (or -), whose clock starts anew. Says why not.
keep_guard_waiting() {
	if [ -f "$guard/reverting" ]; then
		echo 'The guard is putting things back right now. Nothing was changed.'
		return 1
	fi
	armed=-
	[ ! -f "$guard/armed" ] || read -r armed rest seconds <"$guard/armed"
	if [ "$1" != - ] && [ "$1" != "$armed" ]; then
		echo 'The guard has fired, and what was done under it was put back. Nothing was changed.'
		return 1
	fi
	[ "$armed" = - ] || set_deadline "$seconds"
}

set_deadline() {
	tell_time
	echo "$((now + $1))" >"$guard/deadline.new" && mv -f "$guard/deadline.new" "$guard/deadline"
}

# The name of the next entry. They sort in the order they were written.
next_entry() {
	entries=10000
	for entry in "$guard"/entry.*; do
		[ ! -e "$entry" ] || entries=${entry##*.}
	done
	echo "entry.$((entries + 1))"
}

# The way back of order $1: files as they were, and commands. A list of words begins with how many.
write_entry() {
	echo "order $1"
	while read -r hash mode names numbers path; do
		echo "file $hash $mode $numbers $path"
	done <"$order/kept"
	[ ! -f "$order/undo" ] || cat "$order/undo"
	[ ! -f "$order/again" ] || cat "$order/again"
}

take_arm() {
	id=$value
	take; token=$value
	take; seconds=$value
	take; port=$value
	take_block >"$run/revert.$$"
	if why=$(locked arm "$id" "$token" "$seconds" "$port" "$run/revert.$$"); then
		frame yes ''
	else
		frame no "${why:-The guard could not be armed.}"
	fi
	rm -f "$run/revert.$$"
}

# Arms the guard $1 of the holder $2, to fire after $3 seconds, for one who came by port $4, with the revert in the file $5.
arm() {
	renew_lease "$2" || { echo 'Another run of dropwise holds this server now.'; return 1; }
	if [ -f "$guard/armed" ]; then
		read -r armed rest <"$guard/armed"
		[ "$armed" = "$1" ] || { echo 'Another guard is armed on this server.'; return 1; }
		set_deadline "$3"
		return
	fi
	keep_guard_waiting - || return
	rm -rf "$guard"
	mkdir -p "$guard" && store "$guard/revert" <"$5" && sh -n "$guard/revert" || return
	save_rules
	save_running "$4"
	hook || { unhook; return 1; }
	tell_boot
	set_deadline "$3" && echo "$1 $boot $3" | store "$guard/armed" || return
	launch "dropwise-guard-$1" sh "$guard/revert" timer
	waits=0
	while [ ! -e "$guard/watching" ]; do
		waits=$((waits + 1))
		if [ "$waits" -gt 200 ]; then
			rm -f "$guard/armed"
			unhook
			echo 'The timer of the guard could not be started.'
			return 1
		fi
		sleep 0.05
	done
}

# Ends the guard $1, unless the revert came first.
confirm() {
	armed=
	[ ! -f "$guard/confirmed" ] || read -r armed rest <"$guard/confirmed"
	[ ! -f "$guard/armed" ] || read -r armed rest <"$guard/armed"
	if [ "$armed" != "$1" ]; then
		frame no ''
	elif [ -f "$guard/confirmed" ] || mv "$guard/armed" "$guard/confirmed" 2>/dev/null; then
		unhook
		rm -f "$guard"/entry.* "$guard"/rules* "$guard"/running* "$guard/port" "$guard/deadline"
		to_disk "$guard"
		frame yes ''
	else
		frame no ''
	fi
}

# Reverts now and waits for it, beside the main loop.
revert() {
	armed=
	[ ! -f "$guard/armed" ] || read -r armed rest <"$guard/armed"
	if [ "$armed" = "$1" ] && mv "$guard/armed" "$guard/reverting" 2>/dev/null; then
		launch "dropwise-revert-$1" sh "$guard/revert" now asked
	fi
	await_revert "$1" &
	follower=$!
}

await_revert() {
	tell_time
	beaten=$now
	while [ -f "$guard/reverting" ]; do
		sleep 0.1
		tell_time
		[ "$now" -le "$beaten" ] || frame beat ''
		beaten=$now
	done
	armed=
	[ ! -f "$guard/reverted" ] || read -r armed rest <"$guard/reverted"
	if [ "$armed" = "$1" ]; then frame yes "$(tail -n +2 "$guard/reverted")"; else frame no 'No such guard is armed.'; fi
}

guard_stands() {
	if [ -f "$guard/reverting" ] && read -r armed rest <"$guard/reverting"; then
		text="${text}guard reverting $armed$newline"
	elif [ -f "$guard/armed" ] && read -r armed rest <"$guard/armed" && read -r deadline <"$guard/deadline"; then
		text="${text}guard armed $armed $((deadline - now))$newline"
	elif [ -f "$guard/reverted" ] && read -r armed why <"$guard/reverted"; then
		text="${text}guard reverted $armed $why$newline$(sed -n '2,$s/^/amiss /p' "$guard/reverted")$newline"
	fi
}

# Whoever takes the lease sees to it that a guard whose timer died, or a revert that was cut short, goes on.
heal_guard() {
	tell_boot
	if [ -f "$guard/reverting" ]; then
		launch "dropwise-revert-$$" sh "$guard/revert" now time
	elif [ -f "$guard/armed" ]; then
		read -r armed was rest <"$guard/armed"
		if [ "$was" != "$boot" ]; then
			mv "$guard/armed" "$guard/reverting" && launch "dropwise-revert-$$" sh "$guard/revert" now boot
		else
			launch "dropwise-guard-$$" sh "$guard/revert" timer
		fi
	fi
}
