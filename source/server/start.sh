# The carrier is told what it is by its arguments: without any it serves the connection.

case ${1-} in
	run) runner "$2" ;;
	*) serve ;;
esac
