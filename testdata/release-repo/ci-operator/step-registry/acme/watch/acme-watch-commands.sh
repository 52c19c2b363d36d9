#!/bin/bash
set -o nounset -o errexit -o pipefail
while sleep 10; do echo still open; done
