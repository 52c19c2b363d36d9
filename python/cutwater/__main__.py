"""`python -m cutwater`."""

from cutwater import main

main()
