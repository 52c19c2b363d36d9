#!/bin/bash
set -o nounset -o errexit -o pipefail
echo "installing from ${OO_INDEX}"
