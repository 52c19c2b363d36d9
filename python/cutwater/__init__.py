"""The program under its other names.

The package holds one program, which does what the name says that it is started by. The scripts of the other names only have
to find it and start it.
"""

import os
import sys
import sysconfig


def find():
    """Where the program is: beside the script that asks, else where pip puts scripts."""
    places = [
        os.path.dirname(os.path.realpath(sys.argv[0])),
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", "posix_user"),
    ]
    for place in places:
        program = os.path.join(place, "cutwater")
        if os.path.isfile(program):
            return program
    sys.exit("cutwater: the program is not in " + ", ".join(places))


def main():
    """Becomes the program, under the name that was typed."""
    name = os.path.basename(sys.argv[0])
    os.execv(find(), ["cutwater" if name == "__main__.py" else name, *sys.argv[1:]])
