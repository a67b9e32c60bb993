#!/usr/bin/env bash
# The 60-second walk of the README, as a script: build the jar first (mvn package -DskipTests), then run it from anywhere.
# It works in a temporary directory, listens on a free loopback port, and ends what it started.
set -euo pipefail

jar=${REPOWATCH_JAR:-$(cd "$(dirname "$0")/.." && pwd)/target/repowatch.jar}
projects=${WALK_PROJECTS:-200}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

repowatch() { java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$jar" "$@"; }
say() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'walk: %s\n' "$*" >&2
  cat "$work"/serve.err >&2 || true
  exit 1
}

# Starts the server on $1 with its data in $2.
start() {
  : >"$work/serve.out"
  java -XX:TieredStopAtLevel=1 -jar "$jar" serve "$1" --data "$2" --grpc 127.0.0.1:0 --author 'Walk <walk@localhost>' \
    >"$work/serve.out" 2>>"$work/serve.err" &
  server=$!
}

# Waits for the line that says it is ready, and takes the address from it.
ready() {
  for _ in $(seq 600); do
    if grep -q '^repowatch ready' "$work/serve.out"; then
      cat "$work/serve.out"
      REPOWATCH_SERVER=$(sed -n 's/^repowatch ready grpc=\([^ ]*\) .*/\1/p' "$work/serve.out")
      export REPOWATCH_SERVER
      return
    fi
    kill -0 "$server" 2>/dev/null || fail "the server ended before it was ready"
    sleep 0.1
  done
  fail "the server was not ready within 60 s"
}

# Waits until status counts $2 repos in state $1.
await_state() {
  for _ in $(seq 60); do
    if repowatch status | grep -qE "^$1 +$2\$"; then
      return
    fi
    sleep 0.2
  done
  repowatch status
  fail "never saw $2 repos in state $1"
}

say "$projects project folders"
mkdir "$work/projects"
for i in $(seq -w "$projects"); do
  mkdir "$work/projects/project-$i"
  echo "project $i" >"$work/projects/project-$i/README.md"
done

say "repowatch serve"
start "$work/projects" "$work/data"
ready

say "repowatch get repos local"
repowatch get repos local | head -n 5
say "repowatch status"
repowatch status
await_state enabled "$projects"

say "git log of one shadow"
shadow=$(find "$work/data/shadow" -maxdepth 8 -name '*.fso' -type d | sort | head -n 1)
git -C "$shadow" log --format='%h %an %s' master-stat

say "repowatch init repo of a folder that does not exist"
repo=$(repowatch init repo local /local/later --author 'Walk <walk@localhost>' -o json | sed -n 's/.*"repo":"\([0-9a-f-]*\)".*/\1/p')
await_state error 1
repowatch status --state error

say "create it, clear the error, see it enabled"
mkdir "$work/projects/later"
repowatch clear-error "$repo"
await_state enabled $((projects + 1))
repowatch events repo "$repo"
kill "$server"
wait "$server" || true

say "kill -9 while it initialises, start again"
: >"$work/serve.err"
start "$work/projects" "$work/data2"
for _ in $(seq 600); do
  [ "$(find "$work/data2/shadow" -name '*.fso' -type d 2>/dev/null | wc -l)" -ge 10 ] && break
  kill -0 "$server" 2>/dev/null || fail "the server ended before it was killed"
  sleep 0.02
done
kill -9 "$server"
wait "$server" 2>/dev/null || true
made=$(find "$work/data2/shadow" -name '*.fso' -type d | wc -l)
echo "killed with $made of $((projects + 1)) shadows made"
[ "$made" -le "$projects" ] || fail "it was killed too late to show anything"
start "$work/projects" "$work/data2"
ready

say "nothing lost, nothing done twice"
await_state enabled $((projects + 1))
mapfile -t repos < <(repowatch get repos local -o json | grep -oE '"id":"[0-9a-f-]{36}"' | cut -d'"' -f4)
[ "${#repos[@]}" -eq $((projects + 1)) ] || fail "expected $((projects + 1)) repos, found ${#repos[@]}"
created=$(repowatch events repo "${repos[@]}" | grep -c EV_FSO_SHADOW_REPO_CREATED)
[ "$created" -eq "${#repos[@]}" ] || fail "$created SHADOW_REPO_CREATED for ${#repos[@]} repos"
shadows=0
while IFS= read -r shadow; do
  roots=$(git -C "$shadow" rev-list --max-parents=0 --all | wc -l)
  [ "$roots" -eq 1 ] || fail "$shadow has $roots root commits"
  shadows=$((shadows + 1))
done < <(find "$work/data2/shadow" -name '*.fso' -type d)
[ "$shadows" -eq "${#repos[@]}" ] || fail "$shadows shadows for ${#repos[@]} repos"
[ -z "$(find "$work/data2/shadow" -name '*__tmp__*')" ] || fail "a temporary shadow was left behind"
echo "${#repos[@]} repos, each with one SHADOW_REPO_CREATED and one shadow with one root commit"
kill "$server"
wait "$server" || true
server=
