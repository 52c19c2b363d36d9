#!/bin/bash
set -o nounset -o errexit -o pipefail
echo "installing a shop with ${BASKETS} baskets"
