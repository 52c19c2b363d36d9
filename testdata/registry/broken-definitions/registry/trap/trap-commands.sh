trap 'x' EXIT
