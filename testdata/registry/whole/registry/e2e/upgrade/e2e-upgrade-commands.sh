trap 'echo bye' EXIT
