#!/usr/bin/env bash
# shellcheck source=e2e/services/lib.sh
. "$(dirname "$0")/../lib.sh"
end
