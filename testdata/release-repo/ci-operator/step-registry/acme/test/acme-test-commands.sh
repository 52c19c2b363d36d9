#!/bin/bash
set -o nounset -o errexit -o pipefail
echo buying
