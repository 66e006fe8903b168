# The revert: puts back what was done under a guard that nobody confirmed. Needs nothing but what stands in $guard and $state/kept. Whatever it is cut off in, running it again from the start ends the same.

say() {
	printf '%s\n' "$*" >>"$guard/log"
}

# Waits for the deadline, which each order moves, and fires: sh revert timer.
timer() {
	exec 8>"$guard/watch"
	flock -n 8 || exit 0
	[ ! -w /proc/self/oom_score_adj ] || echo -900 >/proc/self/oom_score_adj
	: >"$guard/watching"
	mine=
	while read -r armed rest <"$guard/armed"; do
		[ "${mine:=$armed}" = "$armed" ] || exit 0
		sleep 1
		tell_time
		read -r deadline <"$guard/deadline" || continue
		[ "$now" -ge "$deadline" ] || continue
		if locked fire; then
			exec 8>&-
			work time
		fi
	done 2>/dev/null
}

# Under the lock, so that no order begins meanwhile.
fire() {
	read -r deadline <"$guard/deadline" && tell_time && [ "$now" -ge "$deadline" ] && mv "$guard/armed" "$guard/reverting"
}

# At boot, before sshd: sh revert boot. Upstart calls it whenever ssh starts, hence the boot id.
at_boot() {
	tell_boot
	for file in "$guard/reverting" "$guard/armed"; do
		[ -f "$file" ] || continue
		read -r armed was rest <"$file"
		[ "$was" != "$boot" ] || exit 0
		[ "$file" = "$guard/reverting" ] || mv "$file" "$guard/reverting"
		early=yes limit=8
		work boot
		return
	done
}

work() {
	exec 7>"$guard/working"
	flock -n 7 || exit 0
	[ -f "$guard/reverting" ] || exit 0
	[ -s "$guard/why" ] || echo "$1" | store "$guard/why"
	forward='' backward=''
	for entry in "$guard"/entry.*; do
		[ -f "$entry" ] || continue
		forward="$forward ${entry##*/}"
		backward="${entry##*/} $backward"
	done
	say "reverting, $1:$forward"
	cd /
	if [ -n "$early" ]; then
		# whatever may hang later, the files stand as they were when sshd starts
		for entry in $backward; do files_of "$entry"; done
	else
		for entry in $forward; do end_order "$entry"; done
	fi
	for entry in $backward; do
		commands_of "$entry" undo
		files_of "$entry"
	done
	rules_back >>"$guard/log" 2>&1
	if [ -z "$early" ]; then
		for entry in $forward; do commands_of "$entry" again; done
		rules_back >>"$guard/log" 2>&1
		start_ended
	fi
	amiss_at_last
	while read -r line; do say "NOT AS IT WAS: $line"; done <"$guard/amiss"
	read -r armed rest <"$guard/reverting"
	read -r why <"$guard/why"
	{
		echo "$armed $why"
		while read -r line; do printf '%s\n' "$line"; done <"$guard/amiss"
	} | store "$guard/reverted"
	unhook
	say reverted
	to_disk "$guard/log"
	rm -f "$guard/reverting"
	to_disk "$guard"
}

# Ends the command of the order of entry $1, if it still runs: it must not go on while its way back is gone.
end_order() {
	read -r word order <"$guard/$1"
	order=$run/orders/$order
	[ -d "$order" ] || return
	mkdir "$order/begun" 2>/dev/null && return
	[ ! -f "$order/code" ] && read -r group <"$order/group" || return
	say "ending $order"
	kill -TERM "-$group"
	flock -w 3 "$order/alive" true || kill -KILL "-$group"
} 2>/dev/null

# Puts the files of entry $1 back.
files_of() {
	while read -r word hash mode numbers path; do
		[ "$word" = file ] || continue
		decode "$path"
		want=$hash
		if put_back "$value" "$want" "$mode" "$numbers" 2>>"$guard/log"; then
			say "put back $path"
		else
			say "COULD NOT put back $path"
		fi
	done <"$guard/$1"
}

# Runs one command of the way back, for so long at most.
call() {
	timeout -k 5 "$limit" "$@" </dev/null >>"$guard/log" 2>&1 7>&-
	code=$?
	say "exit code $code of $word: $*"
	return "$code"
}

# Runs the commands of kind $2 (undo, or again) of entry $1, in their order. One that fails does not stop the rest.
commands_of() {
	file=$guard/$1
	kind=$2
	while read -r word words rest; do
		case $word in undo | again) ;; *) continue ;; esac
		set --
		while [ "$words" -gt 0 ]; do
			read -r line
			decode "$line"
			set -- "$@" "$value"
			words=$((words - 1))
		done
		[ "$word" = "$kind" ] || continue
		umask 022
		# after some starts in a row systemd refuses the next
		case $1' '$2 in systemctl' '*start) call systemctl reset-failed "$3" ;; esac
		call "$@" || case $1' '$2' '$3 in
			# what died of its settings cannot read them again: it is started
			systemctl' reload '*)
				# nothing that did not run: another that listens in its place would have to go
				if [ "$word" = again ] && grep -qxF "${3%.service}.service" "$guard/running" 2>/dev/null; then
					call systemctl reset-failed "$3"
					call systemctl restart "$3"
				fi
				;;
			service' '*' reload') [ "$word" = undo ] || call service "$2" restart ;;
		esac
		umask 077
	done <"$file"
}

early=
limit=60
case $1 in
	timer) timer ;;
	boot) at_boot ;;
	now) work "$2" ;;
esac
